//! A problem as a response: `application/problem+json`.
//!
//! A refusal is a response that only holds the problem; [`write()`] adds the request's id and writes the
//! body, in one place. In between, [`super::pages::ProblemPage`] may have turned it into a page.

use super::{own_path::is_for_programs, request_id::RequestId, security_headers::NO_STORE};
use app::{
    in_language::InLanguage,
    problem::{Problem, ProblemCode},
    text::Lang,
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// RFC 9457.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A problem on its way out of a handler.
pub(super) struct Refusal(pub(super) Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<ProblemCode> for Refusal {
    fn from(code: ProblemCode) -> Self {
        Self(Problem::of(code))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(self.0)
    }
}

/// The problem of that code, as a response.
pub(super) fn refuse(code: ProblemCode) -> Response {
    answer(Problem::of(code))
}

/// The status and headers of a problem; the body is [`write()`]'s.
pub(super) fn answer(problem: Problem) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status.into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response.extensions_mut().insert(problem);
    response
}

/// Marks a refusal that must cost little, because there is too much to do: a browser gets a page without
/// the app.
#[derive(Clone, Copy)]
pub(super) struct TurnedAway;

/// The same refusal, of a request that is turned away at the door.
pub(super) fn turned_away(mut refusal: Response) -> Response {
    refusal.extensions_mut().insert(TurnedAway);
    refusal
}

/// Writes the body of a problem, with the id of the request and in the reader's language.
pub(super) fn write(id: &RequestId, lang: Lang, response: &mut Response) {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return;
    };
    let body = serde_json::to_vec(&problem.traced(&id.0).in_language(lang)).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
}

/// Whether a browser is navigating: it accepts HTML, and asks neither the API nor a server function.
pub(super) fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let html = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    html && !is_for_programs(path)
}
