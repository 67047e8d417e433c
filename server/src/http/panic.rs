//! A panic in a handler is our bug: the customer gets an answer, and the process goes on.

use super::problem_response::refuse;
use app::problem::ProblemCode;
use axum::response::Response;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// The answer, or 500. The payload may hold personal data, so it is dropped; the panic hook of
/// [`crate::telemetry`] has logged the place.
pub(super) fn caught(answer: impl Future<Output = Response>) -> impl Future<Output = Response> {
    // Half-done state belongs to the request, which ends here.
    AssertUnwindSafe(answer).catch_unwind().map(|answered| {
        answered.unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            refuse(ProblemCode::Internal)
        })
    })
}
