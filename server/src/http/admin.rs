//! The admin address: health in full, and metrics, which the public one does not have.

use super::{
    Gateway, health, metrics, panic,
    request_id::RequestId,
    security_headers::{self, PageNonce},
};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};

/// The router of the admin address.
pub fn admin_router(gateway: &Gateway) -> Router {
    Router::new()
        .route("/metrics", get(text))
        .with_state(gateway.clone())
        .merge(health::admin_router(gateway))
        .layer(from_fn_with_state(gateway.clone(), complete))
}

/// Scrapes are neither logged nor counted.
async fn complete(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers(), &gateway.ids);
    let response = panic::caught(next.run(request)).await;
    let nonce = PageNonce::new(&gateway.ids);
    let mut response = security_headers::protect(&gateway, response, &nonce).await;
    id.tell(&mut response);
    response
}

async fn text(State(gateway): State<Gateway>) -> Response {
    match gateway.metrics.text().await {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
