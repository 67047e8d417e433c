//! The codings in `Accept-Encoding` (RFC 9110, 12.5.3).

use http::{HeaderMap, header};

/// The weight of a coding that is named explicitly, from 0 (refused) to 1; `None`: it is not named, or its
/// weight is malformed.
pub(super) fn weight(headers: &HeaderMap, coding: &str) -> Option<f32> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let named = name.trim().eq_ignore_ascii_case(coding);
            named.then(|| number(weight.trim())).flatten()
        })
}

/// `q=0.5`.
pub(super) fn number(weight: &str) -> Option<f32> {
    let digits = weight
        .strip_prefix("q=")
        .or_else(|| weight.strip_prefix("Q="))?;
    let number = digits.parse().ok();
    number.filter(|number| (0.0..=1.0).contains(number))
}

#[cfg(test)]
mod tests {
    use super::weight;
    use http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

    #[test]
    fn weights_are_numbers_and_names_are_whole() {
        for (accepted, coding, expected) in [
            ("br", "br", Some(1.0)),
            ("gzip, BR ; q=0.8", "br", Some(0.8)),
            ("br;q=0", "br", Some(0.0)),
            ("br;q=0.0, gzip", "br", Some(0.0)),
            ("br;Q=0.000", "br", Some(0.0)),
            (
                "gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
                "identity",
                Some(0.3),
            ),
            ("*;q=0.05", "*", Some(0.05)),
            ("*", "br", None),
            ("brotli", "br", None),
            ("br;q=2", "br", None),
            ("br;q=none", "br", None),
            ("br;level=0", "br", None),
            ("", "br", None),
        ] {
            let value = HeaderValue::from_static(accepted);
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, value)]);
            assert_eq!(weight(&headers, coding), expected, "{accepted}");
        }
        let mut headers = HeaderMap::new();
        assert_eq!(weight(&headers, "br"), None);
        for value in ["gzip", "br;q=0.5"] {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        assert_eq!(weight(&headers, "br"), Some(0.5), "in two lines");
    }
}
