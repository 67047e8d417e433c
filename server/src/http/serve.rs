//! The listener: a bounded number of connections, TCP_NODELAY on each, a graceful end.

use super::connection;
use axum::{Router, extract::connect_info::ConnectInfo};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The address of the peer, perhaps that of a proxy.
pub(super) type Peer = ConnectInfo<SocketAddr>;

/// Pause after a failed accept, usually for want of file descriptors.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// The limits of a listener, and the steps of its end.
#[derive(Clone)]
pub struct Serving {
    /// Concurrent connections; further ones wait in the kernel's queue.
    pub max_connections: usize,
    /// For a request's head, for silence between two requests, and for a client that takes nothing.
    pub read_timeout: Duration,
    /// From here on every answer closes its connection, so that none is in use at the end.
    pub draining: CancellationToken,
    /// From here on nothing is accepted.
    pub closing: CancellationToken,
    /// From here on a connection is closed unless a request is being answered on it.
    pub ending: CancellationToken,
    /// How long requests may then take to finish.
    pub finish: Duration,
}

/// Serves until `closing` is cancelled, then lets requests finish.
///
/// # Errors
/// When the listener cannot be converted for its last accepts.
pub async fn serve(listener: TcpListener, router: Router, serving: Serving) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(
        serving.max_connections.min(Semaphore::MAX_PERMITS),
    ));
    let connections = TaskTracker::new();
    let open = |stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>| {
        let connection = connection::run(stream, peer, router.clone(), serving.clone());
        connections.spawn(async move {
            connection.await;
            drop(place);
        });
    };
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.ok();
            listener.accept().await.map(|accepted| (accepted, place))
        };
        tokio::select! {
            biased;
            () = serving.closing.cancelled() => break,
            next = next => match next {
                Ok(((stream, peer), place)) => open(stream, peer, place),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(AFTER_FAILURE).await;
                }
            },
        }
    }
    // Clients that are connected but not yet accepted are served: closing the listener would reset
    // them.
    let listener = listener.into_std()?;
    while let Ok((stream, peer)) = listener.accept() {
        stream.set_nonblocking(true)?;
        open(TcpStream::from_std(stream)?, peer, None);
    }
    drop(listener);
    connections.close();
    if timeout(serving.finish, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests did not finish in time");
    }
    Ok(())
}
