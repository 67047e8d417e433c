//! Cross-site request forgery: one filter before every unsafe request, forms, server functions and
//! API alike.
//!
//! `Sec-Fetch-Site` decides if the browser sent it; else `Origin` must be exactly ours; a request with a
//! session cookie and neither header is refused, which is stricter than the usual "absent passes". A
//! bearer token, or a login without any cookie, needs no further proof.

use super::{Gateway, problem_response::refuse};
use app::problem::ProblemCode;
use axum::response::Response;
use http::{HeaderMap, Method, header, request::Parts};

/// Refuses unsafe requests that another site may have made.
pub(super) fn guard(gateway: &Gateway, parts: &Parts) -> Result<(), Response> {
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let has_session = || gateway.cookies().any(&parts.headers);
    if safe || same_site(&parts.headers, &gateway.origin, has_session) {
        Ok(())
    } else {
        Err(refuse(ProblemCode::CsrfRejected))
    }
}

fn same_site(headers: &HeaderMap, origin: &str, has_session: impl FnOnce() -> bool) -> bool {
    match (
        single(headers, "sec-fetch-site"),
        single(headers, header::ORIGIN.as_str()),
    ) {
        (Header::Repeated, _) | (_, Header::Repeated) => false,
        (Header::One(site), _) => site == b"same-origin" || site == b"none",
        (Header::Absent, Header::One(sent)) => sent == origin.as_bytes(),
        (Header::Absent, Header::Absent) => !has_session(),
    }
}

enum Header<'a> {
    Absent,
    One(&'a [u8]),
    Repeated,
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Header<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Header::Absent,
        (Some(value), None) => Header::One(value.as_bytes()),
        (Some(_), Some(_)) => Header::Repeated,
    }
}

#[cfg(test)]
mod tests {
    use super::same_site;
    use http::{HeaderMap, HeaderValue};

    const OURS: &str = "https://bill.example.com";

    fn passes(headers: &[(&'static str, &str)], has_session: bool) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        same_site(&map, OURS, || has_session)
    }

    #[test]
    fn the_browsers_word_comes_first() {
        for (site, good) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
            ("x", false),
        ] {
            assert_eq!(passes(&[("sec-fetch-site", site)], true), good, "{site}");
            assert_eq!(
                passes(&[("sec-fetch-site", site), ("origin", OURS)], true),
                good,
                "{site}"
            );
        }
    }

    #[test]
    fn without_it_the_origin_must_be_ours_to_the_letter() {
        for (origin, good) in [
            (OURS, true),
            ("null", false),
            ("http://bill.example.com", false),
            ("https://bill.example.com:443", false),
            ("https://bill.example.com.", false),
            ("https://BILL.example.com", false),
            ("https://bill.example.com/", false),
            ("https://user@bill.example.com", false),
            ("https://evil.example.com", false),
        ] {
            assert_eq!(passes(&[("origin", origin)], true), good, "{origin}");
        }
    }

    #[test]
    fn repeated_headers_are_refused() {
        assert!(!passes(&[("origin", OURS), ("origin", OURS)], false));
        assert!(!passes(
            &[("sec-fetch-site", "none"), ("sec-fetch-site", "none")],
            false
        ));
    }

    #[test]
    fn neither_header_passes_only_without_a_session_cookie() {
        assert!(passes(&[], false));
        assert!(!passes(&[], true));
    }
}
