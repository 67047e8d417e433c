//! HTML and JSON are compressed on the way out, at a level that costs less than it saves. Assets
//! were compressed when the site was built.

use super::accept_encoding::weight;
use axum::extract::Request;
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, Predicate, SizeAbove},
    },
};

/// Shorter answers fit into one packet as they are.
const WORTH_IT: u16 = 1024;
/// Brotli and gzip both count from 1 (quick) upwards.
const LEVEL: i32 = 4;

type Rule = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// The layer; it leaves encoded bodies alone.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, Rule>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(LEVEL))
        .compress_when(SizeAbove::new(WORTH_IT.into()).and(is_text as Rule))
}

/// Sends the plain form even to a client that refuses it, as RFC 9110 (12.5.3) allows: the layer would
/// otherwise answer 406 after the work was done.
pub(super) fn never_unacceptable(mut request: Request) -> Request {
    let refused = |form| weight(request.headers(), form) == Some(0.0);
    if refused("identity") || refused("*") {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    ["text/html", "application/json", "application/problem+json"]
        .iter()
        .any(|text| kind.starts_with(text))
}
