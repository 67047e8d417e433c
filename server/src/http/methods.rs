//! The methods this server knows; all others, `TRACE` and preflights included, are refused before
//! anything looks at the request.

use super::{access, problem_response::refuse};
use app::problem::ProblemCode;
use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use http::{HeaderValue, Method, header};

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
        None => Err(refused(request.extensions().get())),
    }
}

/// A known method that the route does not have.
pub(super) async fn not_allowed(template: Option<MatchedPath>) -> Response {
    refused(template.as_ref())
}

/// 405 names the methods that the route does have (RFC 9110, 15.5.6).
fn refused(template: Option<&MatchedPath>) -> Response {
    let mut response = refuse(ProblemCode::MethodNotAllowed);
    if let Ok(methods) = HeaderValue::try_from(access::allowed(template)) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}
