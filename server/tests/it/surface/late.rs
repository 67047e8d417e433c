//! What a customer reads of a failure that turned out to be none.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
};
use app::{
    model::ChangeStatus,
    text::{
        Lang, frame::Frame, problem, product_history::ProductHistory, product_result::ProductResult,
    },
};
use serde_json::json;

on_both_databases! { a_failure_found_wrong_is_told_as_such_and_says_whom_to_call }

async fn a_failure_found_wrong_is_told_as_such_and_says_whom_to_call(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("prod01").await, app.browser("prod01").await);
    let options = client.get("/api/v1/product/change").await.json();
    let draft = json!({
        "lineId": options["line"]["lineId"],
        "currentProductCode": options["currentProduct"]["code"],
        "targetProductCode": options["products"][0]["code"],
    });
    app.faults(&["kos.change=refuse:2099"]);
    let client = client.with("idempotency-key", "found-wrong-1");
    let refused = client.post_json("/api/v1/product/request", draft).await;
    let id = refused.json()["requestId"].as_str().unwrap().to_owned();
    let (status, page) = (
        format!("/api/v1/product/request/{id}"),
        format!("/product/result?request={id}"),
    );
    for (lang, page) in in_both_languages(&browser, &page).await {
        let words = ProductResult::of(lang);
        assert!(page.contains(words.failed_text), "{page}");
    }
    let told = client.get(&status).await.json();
    assert!(told["underReview"].is_null(), "{told}");

    let late = "UPDATE product_change SET late_at = 1";
    assert_eq!(database.execute(late).await, 1);
    let told = client.get(&status).await.json();
    assert_eq!(
        (&told["status"], &told["underReview"]),
        (&json!("FAILED"), &json!(true))
    );
    for (lang, page) in in_both_languages(&browser, &page).await {
        let words = ProductResult::of(lang);
        assert!(page.contains(problem::found_late(lang)), "{page}");
        assert!(page.contains(words.late_text), "{page}");
        assert!(page.contains(&Frame::of(lang).help_link()), "{page}");
        for untrue in [
            words.failed,
            words.failed_text,
            words.retry,
            words.reason,
            words.pending,
        ] {
            assert!(!page.contains(&format!(">{untrue}<")), "{untrue}: {page}");
        }
    }
    for (lang, page) in in_both_languages(&browser, "/product/history").await {
        let words = ProductHistory::of(lang);
        let failed = (words.status)(ChangeStatus::Failed);
        assert!(page.contains(&format!("{}<", words.late)), "{page}");
        assert!(!page.contains(&format!("{failed}<")), "{page}");
    }
    app.stop().await;
}

/// The page in Korean and in English.
async fn in_both_languages(browser: &Client, path: &str) -> Vec<(Lang, String)> {
    let mut pages = Vec::new();
    for (name, lang) in [("ko", Lang::Ko), ("en", Lang::En)] {
        let form = [("lang", name), ("next", "/main")];
        browser.post_form("/lang", &form).await;
        pages.push((lang, browser.get(path).await.text()));
    }
    pages
}
