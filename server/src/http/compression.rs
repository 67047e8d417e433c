//! HTML and JSON are compressed on the way out, at a level that costs less than it saves. Assets
//! were compressed when the site was built.

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

/// The layer; it leaves alone what is encoded already.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, Rule>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(LEVEL))
        .compress_when(SizeAbove::new(WORTH_IT.into()).and(is_text as Rule))
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
