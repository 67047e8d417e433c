//! The public surface with its layers.

use super::{
    Gateway, access, api, assets, csrf, forms, pages, request_id, security_headers,
    session::{self, BrowserRefresh},
};
use axum::{Router, middleware::from_fn_with_state};

/// The router of the public address.
///
/// Layers run from the last one added to the first: the request id is outermost, so that even a
/// panic or a refusal carries it.
pub fn router(gateway: Gateway) -> Router {
    let refreshes = BrowserRefresh::default();
    pages::router(&gateway)
        .merge(forms::router(gateway.clone()))
        .merge(api::router(gateway.clone()))
        .layer(from_fn_with_state(gateway.clone(), access::enforce))
        .layer(from_fn_with_state(
            (gateway.clone(), refreshes),
            session::authenticate,
        ))
        .layer(from_fn_with_state(gateway.clone(), csrf::guard))
        .layer(from_fn_with_state(gateway.clone(), pages::for_people))
        .merge(assets::router())
        .layer(from_fn_with_state(
            gateway.clone(),
            security_headers::protect,
        ))
        .layer(from_fn_with_state(gateway, request_id::assign))
}
