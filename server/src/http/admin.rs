//! The admin address: health and metrics, never on the public one.

use super::{Gateway, health, metrics, panic, request_id, security_headers};
use axum::{
    Router,
    extract::State,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};

/// The router of the admin address.
pub fn admin_router(gateway: &Gateway) -> Router {
    Router::new()
        .route("/metrics", get(text))
        .with_state(gateway.clone())
        .merge(health::router(gateway))
        .layer(panic::layer())
        .layer(from_fn_with_state(
            gateway.clone(),
            security_headers::protect,
        ))
        .layer(from_fn_with_state(gateway.clone(), request_id::assign))
}

async fn text(State(gateway): State<Gateway>) -> Response {
    match gateway.metrics.text().await {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
