//! Server functions, made to answer like everything else.
//!
//! Left alone, Leptos 0.8 answers every malformed argument with 500, and sends a form that asks for
//! HTML back to wherever its `Referer` says, with the error in the URL.

use super::problem_response::{answer, refuse};
use app::problem::{Problem, ProblemCode};
use axum::{body::to_bytes, response::Response};
use http::{HeaderMap, HeaderValue, Method, header, request::Parts};

/// The content type of JSON other than a problem.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// No server-function error is longer than this, in bytes.
const ERROR_LIMIT: usize = 64 << 10;

/// Whether the request calls a server function; one that does not send JSON is refused.
pub(super) fn accept(parts: &mut Parts) -> Result<bool, Response> {
    if !parts.uri.path().starts_with("/rpc/") || parts.method != Method::POST {
        return Ok(false);
    }
    if !is_json(&parts.headers) {
        return Err(refuse(ProblemCode::UnsupportedMediaType));
    }
    parts.headers.remove(header::REFERER);
    parts.headers.insert(header::ACCEPT, JSON);
    Ok(true)
}

/// Answers the problem of a server function with the status of its code.
pub(super) async fn with_problem(response: Response) -> Response {
    if response.status().is_success() || response.extensions().get::<Problem>().is_some() {
        return response;
    }
    match to_bytes(response.into_body(), ERROR_LIMIT).await {
        Ok(body) => serde_json::from_slice(&body).map_or_else(
            |_| {
                tracing::error!("a server function failed without a problem");
                refuse(ProblemCode::Internal)
            },
            answer,
        ),
        Err(_) => refuse(ProblemCode::Internal),
    }
}

/// Whether the content type is JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    // The usual case, without parsing.
    if *value == JSON {
        return true;
    }
    let Ok(mime) = value
        .to_str()
        .unwrap_or_default()
        .parse::<mime_guess::Mime>()
    else {
        return false;
    };
    let utf8 = mime
        .get_param("charset")
        .is_none_or(|charset| charset == "utf-8");
    mime.essence_str() == "application/json" && utf8
}

#[cfg(test)]
mod tests {
    use super::is_json;
    use http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_json_in_utf_8() {
        for (kind, good) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/json; charset=UTF-8", true),
            ("Application/JSON", true),
            ("application/json; charset=euc-kr", false),
            ("application/jsonx", false),
            ("text/json", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
            assert_eq!(is_json(&headers), good, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
