//! The public surface with its layers.

use super::{
    Gateway,
    admission::{self, Admission},
    api, assets, compression, every_answer, forms, health, methods, pages, speculation,
};
use axum::{Router, middleware::from_fn_with_state};
use tower::ServiceBuilder;

/// The router of the public address.
pub fn router(gateway: Gateway) -> Router {
    let admission = Admission::new(gateway.clone());
    let product = pages::router(&gateway)
        .merge(forms::router(gateway.clone()))
        .merge(api::router(gateway.clone()))
        .method_not_allowed_fallback(methods::not_allowed)
        .layer(from_fn_with_state(admission, admission::admit));
    let every_answer = ServiceBuilder::new()
        .map_request(compression::never_unacceptable)
        .layer(compression::layer())
        .layer(from_fn_with_state(gateway.clone(), every_answer::complete));
    // Outside the limits: an overloaded replica still lives, and its pages still have their style.
    product
        .merge(health::router(&gateway))
        .merge(assets::router())
        .merge(speculation::router())
        .layer(every_answer)
}
