//! The language of an answer.
//!
//! Pages are in the language the customer chose, which a cookie keeps: what the browser prefers does
//! not count, so that the service is Korean for everybody who has not asked for English. Programs,
//! and the islands of a page, say it in `Accept-Language`.

use super::{Gateway, accept_encoding::number, security_headers::is_html};
use app::text::Lang;
use axum::{
    extract::{FromRequestParts, Request},
    response::Response,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use std::convert::Infallible;

/// Who reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Of a page: the cookie decides.
    Customer,
    /// `/api/v1` and `/rpc`: `Accept-Language` decides.
    Program,
    /// The rest of `/api`, which is written in one language but for its problems.
    Developer,
}

/// The language of the answer to a request; handlers extract it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    pub(super) lang: Lang,
    reader: Reader,
}

impl Language {
    pub(super) fn of(gateway: &Gateway, request: &Request) -> Self {
        let (path, headers) = (request.uri().path(), request.headers());
        let reader = if path.starts_with("/api/v1/") || path.starts_with("/rpc/") {
            Reader::Program
        } else if path.starts_with("/api/") {
            Reader::Developer
        } else {
            Reader::Customer
        };
        let lang = match reader {
            Reader::Customer => gateway.cookies().lang(headers),
            Reader::Program | Reader::Developer => preferred(headers),
        };
        Self { lang, reader }
    }

    /// Says which language a page, a problem or an answer of the API is in, and for programs what
    /// that depends on. Pages are not stored, so nothing is said of the cookie.
    pub(super) fn announce(self, response: &mut Response) {
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind = kind.map_or(&[][..], HeaderValue::as_bytes);
        let problem = kind == b"application/problem+json";
        let has_sentences = match self.reader {
            Reader::Customer => problem || is_html(response.headers()),
            Reader::Program => problem || kind == b"application/json",
            Reader::Developer => problem,
        };
        if !has_sentences {
            return;
        }
        let headers = response.headers_mut();
        let tag = HeaderValue::from_static(self.lang.tag());
        headers.insert(header::CONTENT_LANGUAGE, tag);
        if self.reader != Reader::Customer {
            headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(of_parts(parts))
    }
}

/// What [`Language::of`] found for the request.
pub(super) fn of_parts(parts: &Parts) -> Language {
    let found = parts.extensions.get::<Language>().copied();
    found.unwrap_or(Language {
        lang: Lang::default(),
        reader: Reader::Customer,
    })
}

/// The language of the greatest weight in `Accept-Language` (RFC 9110, 12.5.4); of equal ones the
/// first. `*` stands for Korean, and so does a header that names neither language.
fn preferred(headers: &HeaderMap) -> Lang {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let (mut best, mut weight) = (Lang::default(), 0.0);
    for item in ranges {
        let (range, quality) = item.split_once(';').unwrap_or((item, "q=1"));
        let primary = range.trim().split('-').next().unwrap_or_default();
        let lang = match primary {
            "*" => Some(Lang::default()),
            primary => Lang::tagged(&primary.to_ascii_lowercase()),
        };
        if let (Some(lang), Some(quality)) = (lang, number(quality.trim()))
            && quality > weight
        {
            (best, weight) = (lang, quality);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::preferred;
    use app::text::Lang;
    use http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};

    #[test]
    fn the_language_of_the_greatest_weight_wins() {
        for (accepted, lang) in [
            ("en", Lang::En),
            ("EN-gb", Lang::En),
            ("en-US,en;q=0.9", Lang::En),
            ("fr, en;q=0.3", Lang::En),
            ("ko;q=0.8, en;q=0.9", Lang::En),
            ("en, ko", Lang::En),
            ("ko, en", Lang::Ko),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Lang::Ko),
            ("en;q=0", Lang::Ko),
            ("en;q=0.5, *", Lang::Ko),
            ("*", Lang::Ko),
            ("fr", Lang::Ko),
            ("eng", Lang::Ko),
            ("en;q=much", Lang::Ko),
            ("", Lang::Ko),
        ] {
            let value = HeaderValue::from_static(accepted);
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, value)]);
            assert_eq!(preferred(&headers), lang, "{accepted}");
        }
        assert_eq!(preferred(&HeaderMap::new()), Lang::Ko);
    }
}
