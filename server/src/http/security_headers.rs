//! Headers that every response carries, and the Content-Security-Policy of pages.

use super::Gateway;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The nonce of this response's scripts; the page reads it from the request's extensions.
#[derive(Clone)]
pub(super) struct PageNonce(pub(super) String);

/// A page larger than this is a mistake of ours.
const PAGE_LIMIT: usize = 4 << 20;

const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Makes the nonce, and puts the headers on whatever comes back.
pub(super) async fn protect(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = gateway.ids.token();
    request.extensions_mut().insert(PageNonce(nonce.clone()));
    let response = next.run(request).await;
    let html = is_html(response.headers());
    let mut response = if html {
        without_leaked_nonce(response, &nonce).await
    } else {
        response
    };
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if gateway.http.secure_cookies {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    // Personal, or with a nonce for one response only. It also keeps most browsers from showing the
    // page again by Back after a logout; the logout's Clear-Site-Data sees to the rest. Going back is
    // one more render, a few milliseconds.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    let policy = if html {
        page_policy(&nonce)
    } else {
        DENY_ALL.to_owned()
    };
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What is no page may load nothing.
const DENY_ALL: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

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
