//! One id per request: from the caller's header to the log, the problem and the screen.

use crate::ids::Ids;
use app::model::is_identifier;
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use std::convert::Infallible;

/// `X-Request-Id`.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request, in the request's extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestId(pub(super) String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

impl RequestId {
    /// The caller's id when it is 8 to 64 of `[A-Za-z0-9_-]`, else a new one; the answer, the log span
    /// and every problem carry it.
    pub(super) fn of(headers: &HeaderMap, ids: &Ids) -> Self {
        Self(accepted(headers).unwrap_or_else(|| ids.uuid()))
    }

    pub(super) fn tell(&self, response: &mut Response) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(HEADER, value);
        }
    }
}

fn accepted(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(HEADER)?.to_str().ok()?;
    is_identifier(text, 8..=64).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::accepted;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn accepts_what_the_contract_says_and_nothing_else() {
        for (text, good) in [
            ("abcd-1234", true),
            ("short", false),
            ("with space 1", false),
            ("new\u{e9}line", false),
            (&"x".repeat(64), true),
            (&"x".repeat(65), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                "x-request-id",
                HeaderValue::from_bytes(text.as_bytes()).unwrap(),
            );
            assert_eq!(accepted(&headers).is_some(), good, "{text}");
        }
    }
}
