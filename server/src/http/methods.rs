//! The methods this server knows; everything else, `TRACE` and preflights included, is refused
//! before anything looks at it.

use super::problem_response::refuse;
use app::problem::ProblemCode;
use axum::{extract::Request, response::Response};
use http::Method;

/// The name of a known method.
pub(super) fn known(method: &Method) -> Option<&'static str> {
    ["GET", "HEAD", "POST", "DELETE"]
        .into_iter()
        .find(|known| *known == method.as_str())
}

/// Refuses the others.
pub(super) fn known_only(request: &Request) -> Result<(), Response> {
    match known(request.method()) {
        Some(_) => Ok(()),
        None => Err(refuse(ProblemCode::MethodNotAllowed)),
    }
}

/// A known method that the route does not have.
pub(super) async fn not_allowed() -> Response {
    refuse(ProblemCode::MethodNotAllowed)
}
