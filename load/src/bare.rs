//! The baseline of an inquiry: bare axum that answers the same bytes.

use crate::arguments::Bare;
use anyhow::Result;
use axum::{Router, extract::State, routing::post, serve::ListenerExt};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use redis::aio::MultiplexedConnection;
use tokio::net::TcpListener;

const KEY: &str = "phonebill-load:bare";

const JSON: [(header::HeaderName, HeaderValue); 1] = [(
    header::CONTENT_TYPE,
    HeaderValue::from_static("application/json"),
)];

/// Serves until it is killed.
///
/// # Errors
/// The body cannot be read, the address is taken, or Redis cannot be reached.
pub async fn serve(arguments: Bare) -> Result<()> {
    let body = Bytes::from(std::fs::read(&arguments.body)?);
    let router = match &arguments.redis {
        None => Router::new()
            .route(
                "/",
                post(async |State(body)| (JSON, State::<Bytes>(body).0)),
            )
            .with_state(body),
        Some(url) => {
            let client = redis::Client::open(url.as_str())?;
            let mut redis = client.get_multiplexed_async_connection().await?;
            let mut set = redis::cmd("SET");
            set.arg(KEY).arg(body.as_ref());
            set.exec_async(&mut redis).await?;
            Router::new().route("/", post(fetch)).with_state(redis)
        }
    };
    let listener = TcpListener::bind(arguments.addr).await?;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("TCP_NODELAY: {error}");
        }
    });
    Ok(axum::serve(listener, router).await?)
}

async fn fetch(
    State(mut redis): State<MultiplexedConnection>,
) -> Result<([(header::HeaderName, HeaderValue); 1], Vec<u8>), StatusCode> {
    let mut get = redis::cmd("GET");
    let body = get.arg(KEY).query_async(&mut redis).await;
    body.map(|body| (JSON, body))
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}
