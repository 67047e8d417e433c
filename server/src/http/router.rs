//! The public surface with its layers.

use super::{
    Gateway, access, access_log, api, assets, compression, csrf, forms, health,
    limits::{self, Places},
    methods, pages, panic, problem_response, rate_limit, request_id, rpc, security_headers,
    session::{self, BrowserRefresh},
    speculation,
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use tower::ServiceBuilder;

/// The router of the public address.
///
/// Layers run in the order in which they stand here: the request id is outermost, so that even a
/// panic or a refusal carries it. Each stack is one layer to axum, which boxes every layer it is
/// given and clones all within for each of them.
pub fn router(gateway: Gateway) -> Router {
    let state = || gateway.clone();
    let refreshes = BrowserRefresh::default();
    let places = Places::new(gateway.http.max_in_flight);
    let admission = ServiceBuilder::new()
        .layer(from_fn_with_state(places, limits::in_flight))
        .layer(from_fn_with_state(state(), limits::time))
        .layer(from_fn_with_state(state(), rate_limit::shield))
        .layer(from_fn_with_state(state(), csrf::guard))
        .layer(from_fn_with_state(
            (state(), refreshes),
            session::authenticate,
        ))
        .layer(from_fn_with_state(state(), rate_limit::enforce))
        .layer(from_fn_with_state(state(), access::enforce))
        .layer(from_fn_with_state(state(), limits::body))
        .layer(from_fn(rpc::answer_problems));
    let product = pages::router(&gateway)
        .merge(forms::router(state()))
        .merge(api::router(state()))
        .method_not_allowed_fallback(methods::not_allowed)
        .layer(admission);
    let every_answer = ServiceBuilder::new()
        .layer(from_fn_with_state(state(), request_id::assign))
        .layer(from_fn_with_state(state(), access_log::record))
        .layer(from_fn(compression::never_unacceptable))
        .layer(compression::layer())
        .layer(from_fn_with_state(state(), security_headers::protect))
        .layer(from_fn(speculation::announce))
        .layer(from_fn(problem_response::write))
        // A page of a problem that panics itself is answered in JSON.
        .layer(panic::layer())
        .layer(from_fn_with_state(state(), pages::for_people))
        .layer(panic::layer())
        .layer(from_fn(limits::head))
        .layer(from_fn(methods::refuse_others));
    // Outside the limits: an overloaded replica still lives, and its pages still have their style.
    product
        .merge(health::router(&gateway))
        .merge(assets::router())
        .merge(speculation::router())
        .layer(every_answer)
}
