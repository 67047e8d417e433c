//! The listener: TCP_NODELAY on every connection, a graceful end.

use axum::{Router, extract::connect_info::ConnectInfo, serve::ListenerExt};
use std::{future::IntoFuture, io, net::SocketAddr, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The address of the peer, which a trusted proxy may speak for.
pub(super) type Peer = ConnectInfo<SocketAddr>;

/// Serves until `closing` is cancelled, then lets requests finish for at most `drain`.
///
/// # Errors
/// When accepting fails for good.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    closing: CancellationToken,
    drain: Duration,
) -> io::Result<()> {
    // Without it Nagle and delayed acknowledgements hold a page back for about 44 ms.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service)
        .with_graceful_shutdown(closing.clone().cancelled_owned())
        .into_future();
    tokio::select! {
        result = server => result,
        () = async { closing.cancelled().await; tokio::time::sleep(drain).await } => {
            tracing::warn!("requests did not finish in time");
            Ok(())
        }
    }
}
