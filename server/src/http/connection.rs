//! One connection: HTTP/1.1 with a deadline for the header, a bound on what is read of it, and an end for
//! who does not read.

use super::{serve::Serving, write_timeout::WriteTimeout};
use crate::error::Chain;
use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, pin::pin};
use tokio::net::TcpStream;
use tower::Service;

/// The most that is read of a head, in bytes. It is more than [`super::limits`] allows, so that a head
/// slightly too long is refused with our own problem.
const HEAD_BYTES: usize = 64 << 10;

/// Serves one connection until it ends, or until `ending` is cancelled and the current request answered.
pub(super) async fn run(stream: TcpStream, peer: SocketAddr, router: Router, serving: Serving) {
    // Without it Nagle and delayed acknowledgements hold a page back for about 44 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let stream = WriteTimeout::new(stream, serving.read_timeout);
    let draining = serving.draining.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (mut router, draining) = (router.clone(), draining.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let mut response = router.call(request).await?;
            if draining.is_cancelled() {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(serving.read_timeout)
        .max_buf_size(HEAD_BYTES)
        // A client that half-closes is still reading. The price: a client that left altogether looks the
        // same, so its request runs on, and keeps its place, until it is answered or times out.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = serving.ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    // The client left, was too slow or broke the protocol; hyper has answered what can be answered.
    if let Err(error) = ended {
        tracing::debug!(error = %Chain(&error), "a connection ended early");
    }
}
