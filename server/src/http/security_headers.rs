//! Headers that every response carries, and the Content-Security-Policy of pages.

use super::Gateway;
use crate::ids::Ids;
use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The nonce of this response's scripts; the page reads it from the request's extensions.
#[derive(Clone)]
pub(super) struct PageNonce(pub(super) String);

/// A larger page is our bug.
const PAGE_LIMIT: usize = 4 << 20;

impl PageNonce {
    pub(super) fn new(ids: &Ids) -> Self {
        Self(ids.token())
    }
}

const FIXED: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// For personal or momentary content.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// For everything but pages: loads nothing.
const DENY_ALL: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");

/// Adds the headers to any response.
pub(super) async fn protect(
    gateway: &Gateway,
    mut response: Response,
    PageNonce(nonce): &PageNonce,
) -> Response {
    let policy = if is_html(response.headers()) {
        response = Box::pin(without_leaked_nonce(response, nonce)).await;
        HeaderValue::from_str(&page_policy(nonce)).unwrap_or(DENY_ALL)
    } else {
        DENY_ALL
    };
    let headers = response.headers_mut();
    headers.extend(FIXED);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if gateway.http.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    // Personal, or with a nonce for one response only. It also keeps most browsers from showing the
    // page by Back after a logout; the logout's Clear-Site-Data covers the others. Going back costs one
    // more render, a few milliseconds.
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    response
}

fn page_policy(nonce: &str) -> String {
    // `cargo leptos watch` reloads the page over a web socket on another port.
    let reload = if super::assets::watching() {
        " ws:"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'{reload}; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

pub(super) fn is_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"))
}

/// Leptos 0.8 also writes the nonce into `crossorigin` of its preload links, where a style sheet's
/// attribute selectors could read it; the attribute needs no value.
async fn without_leaked_nonce(response: Response, nonce: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_LIMIT).await else {
        parts.status = http::StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let leaked = format!("crossorigin=\"{nonce}\"");
    let body = match std::str::from_utf8(&bytes) {
        Ok(html) if html.contains(&leaked) => Body::from(html.replace(&leaked, "crossorigin")),
        _ => Body::from(bytes),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}
