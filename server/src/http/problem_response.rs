//! A problem as a response: `application/problem+json`.

use super::request_id::RequestId;
use app::problem::{Problem, ProblemCode};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// RFC 9457.
pub(super) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Answers the request with the problem.
pub(super) fn refuse(request: &Request, code: ProblemCode) -> Response {
    refuse_with(request, Problem::of(code))
}

/// As [`refuse`], with a problem that carries more than its code.
pub(super) fn refuse_with(request: &Request, problem: Problem) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    json(&problem.traced(&id.0))
}

/// The response of a problem. It keeps the problem in its extensions too, from which
/// [`super::pages::for_people`] makes a page when a person asked.
pub(super) fn json(problem: &Problem) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response.extensions_mut().insert(problem.clone());
    response
}

/// A browser navigating: it asks for HTML, and not for the API or a server function.
pub(super) fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let html = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    html && !path.starts_with("/api/") && !path.starts_with("/rpc/")
}
