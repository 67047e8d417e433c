//! A panic in a handler is a mistake of ours: the customer gets an answer, the process lives.

use super::problem_response::refuse;
use app::problem::ProblemCode;
use axum::response::Response;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// The answer, or an apology. The payload may hold anything, so it goes nowhere; the panic hook has
/// told where it happened.
pub(super) fn caught(answer: impl Future<Output = Response>) -> impl Future<Output = Response> {
    // What a panic leaves half done belongs to the request, which ends here.
    AssertUnwindSafe(answer).catch_unwind().map(|answered| {
        answered.unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            refuse(ProblemCode::Internal)
        })
    })
}
