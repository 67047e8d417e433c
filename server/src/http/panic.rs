//! A panic in a handler is a mistake of ours: the customer gets an answer, the process lives.

use super::problem_response::refuse;
use app::problem::ProblemCode;
use axum::response::Response;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

/// Answers for the handlers below it.
pub(super) fn layer() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(answered as fn(Box<dyn Any + Send>) -> Response)
}

/// The payload may hold anything, so it goes nowhere; the panic hook has told where it happened.
fn answered(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    refuse(ProblemCode::Internal)
}
