//! Speculation rules: a browser that supports them renders a page while the pointer approaches the link,
//! so that the navigation is instant.
//!
//! Only pages that change and record nothing: showing a bill (`/bill/result`) is an inquiry in the
//! customer's history, so it waits for the click.

use axum::{Router, response::Response, routing::get};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

const PATH: &str = "/speculation-rules.json";

/// The pages that may be rendered ahead.
const PAGES: [&str; 6] = [
    "/main",
    "/bill/menu",
    "/bill/history",
    "/product/menu",
    "/product/change",
    "/product/history",
];

/// `GET /speculation-rules.json`.
pub(super) fn router() -> Router {
    let rules = rules();
    Router::new().route(
        PATH,
        get(move || async move {
            let kind = HeaderValue::from_static("application/speculationrules+json");
            let keep = HeaderValue::from_static("public, max-age=3600");
            (
                [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)],
                rules,
            )
        }),
    )
}

/// Announces the rules with every page.
pub(super) fn announce(response: &mut Response) {
    if response.status() == StatusCode::OK && super::security_headers::is_html(response.headers()) {
        let value = HeaderValue::from_static("\"/speculation-rules.json\"");
        response
            .headers_mut()
            .insert(HeaderName::from_static("speculation-rules"), value);
    }
}

/// Makes the browser drop what it has rendered ahead, in every tab: it shows what was true before.
pub(super) fn outdate(response: &mut Response) {
    let pages = HeaderValue::from_static("\"prefetchCache\", \"prerenderCache\"");
    let name = HeaderName::from_static("clear-site-data");
    response.headers_mut().insert(name, pages);
}

fn rules() -> String {
    let patterns: Vec<String> = PAGES
        .iter()
        .flat_map(|page| [(*page).to_owned(), format!("{page}\\?*")])
        .collect();
    let rule = json!({ "where": { "href_matches": patterns }, "eagerness": "moderate" });
    json!({ "prerender": [rule] }).to_string()
}

#[cfg(test)]
mod tests {
    use super::PAGES;

    #[test]
    fn only_pages_of_the_table_and_none_that_records() {
        for page in PAGES {
            assert!(
                app::routes::PAGES.iter().any(|(path, _)| *path == page),
                "{page}"
            );
        }
        for page in [
            "/bill/result",
            "/product/request",
            "/product/result",
            "/login",
        ] {
            assert!(!PAGES.contains(&page), "{page}");
        }
    }
}
