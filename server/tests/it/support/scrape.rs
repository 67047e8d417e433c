//! What a scrape of the metrics shows.

use prometheus_client::{encoding::text::encode, registry::Registry};

/// The text of these metrics.
pub fn text(registry: &Registry) -> String {
    let mut text = String::new();
    encode(&mut text, registry).unwrap();
    text
}

/// The value of a metric, named with its labels.
pub fn value<'a>(text: &'a str, series: &str) -> &'a str {
    let value = |line: &'a str| line.strip_prefix(series)?.strip_prefix(' ');
    let value = text.lines().find_map(value);
    value.unwrap_or_else(|| panic!("no {series} in\n{text}"))
}
