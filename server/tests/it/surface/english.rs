//! Every screen in English: no Korean is left but what KOS and the customer are called.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::{Answer, Client},
    test_app::TestApp,
};
use app::text::{Lang, product_result::ProductResult};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_databases! {
    every_screen_is_english,
    an_answer_that_is_kept_is_told_in_the_language_of_whoever_asks_again,
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

/// Every text of an answer that has Korean in it.
fn korean(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains(is_hangul) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| korean(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| korean(field, found)),
        _ => {}
    }
}

/// What KOS names, and the customer: asked for in English, so that a sentence of ours is not among
/// it. Longer ones first: one may be a part of another.
async fn names(client: &Client) -> Vec<String> {
    let mut found = BTreeSet::from(["한국어".to_owned()]);
    for path in ["auth/user-info", "product/menu", "product/change"] {
        korean(
            &client.get(&format!("/api/v1/{path}")).await.json(),
            &mut found,
        );
    }
    let menu = client.get("/api/v1/bill/menu").await.json();
    for month in menu["months"].as_array().into_iter().flatten() {
        let inquiry = json!({ "month": month });
        let bill = client.post_json("/api/v1/bill/inquiry", inquiry).await;
        korean(&bill.json(), &mut found);
    }
    let mut names: Vec<_> = found.into_iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

fn assert_english(path: &str, page: &Answer, names: &[String]) {
    let html = page.text();
    assert!(
        html.starts_with("<!DOCTYPE html><html lang=\"en\""),
        "{path} {html}"
    );
    let mut rest = html;
    for name in names {
        rest = rest.replace(name.as_str(), "");
        rest = rest.replace(&name.replace('&', "&amp;"), "");
    }
    let left: String = rest.chars().filter(|one| is_hangul(*one)).collect();
    assert_eq!(left, "", "{path}\n{rest}");
}

/// What is read aloud in Korean says so (WCAG 3.1.2), except for what a person is called.
fn assert_marked(path: &str, page: &Answer, user: &str) {
    let html = page.text();
    let body = html.split_once("<body").unwrap().1;
    let pieces = body.split('<').filter_map(|piece| piece.split_once('>'));
    let unmarked: Vec<_> = pieces
        .filter(|(tag, _)| !tag.starts_with("script") && !tag.contains("lang=\"ko\""))
        .map(|(_, text)| text.replace(user, ""))
        .filter(|text| text.contains(is_hangul))
        .collect();
    assert!(unmarked.is_empty(), "{path} {unmarked:?}");
}

async fn request(client: &Client, draft: &[String; 3], key: &str) -> Answer {
    let [line, from, to] = draft;
    let body = json!({"lineId": line, "currentProductCode": from, "targetProductCode": to});
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let body = body.to_string().into_bytes();
    client
        .send("POST", "/api/v1/product/request", &headers, body)
        .await
}

/// A change of a customer's first line to the first plan there is.
async fn draft(client: &Client) -> [String; 3] {
    let options = client.get("/api/v1/product/change").await.json();
    [
        &options["line"]["lineId"],
        &options["currentProduct"]["code"],
        &options["products"][0]["code"],
    ]
    .map(|value| value.as_str().unwrap().to_owned())
}

async fn every_screen_is_english(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    for who in ["demo01", "susp01", "none01"] {
        let client = app.login(who).await.with("accept-language", "en");
        let browser = app.browser(who).await;
        let form = [("lang", "en"), ("next", "/main")];
        let switched = browser.post_form("/lang", &form).await;
        assert_eq!(switched.header("location"), "/main");
        let mut paths: Vec<String> = [
            "/main",
            "/account/sessions",
            "/bill/menu",
            "/bill/result",
            "/bill/history",
            "/product/menu",
            "/product/change",
            "/product/change?network=5G&sort=data",
            "/product/change?band=0",
            "/product/history",
            "/no/such/page",
        ]
        .map(str::to_owned)
        .to_vec();
        if who != "none01" {
            let [line, from, to] = draft(&client).await;
            let visit = format!("/product/request?line={line}&from={from}&to={to}&key=english-1");
            paths.extend([visit.clone(), format!("{visit}&checked=1")]);
            let menu = client.get("/api/v1/bill/menu").await.json();
            let months = menu["months"].as_array().unwrap().iter();
            let months = months.map(|month| month.as_str().unwrap());
            paths.extend(months.map(|month| format!("/bill/result?month={month}")));
        }
        let user = client.get("/api/v1/auth/user-info").await.json();
        let user = user["userName"].as_str().unwrap();
        let names = if who == "none01" {
            vec!["한국어".to_owned(), user.to_owned()]
        } else {
            names(&client).await
        };
        for path in &paths {
            let page = browser.get(path).await;
            assert_english(path, &page, &names);
            assert_marked(path, &page, user);
        }
        if who != "demo01" {
            continue;
        }
        let words = ProductResult::of(Lang::En);
        let draft = draft(&client).await;
        for (fault, key, told) in [
            ("kos.change=refuse:2004", "english-key-1", words.failed),
            ("kos.change=accepted:60000", "english-key-2", words.pending),
        ] {
            app.faults(&[fault]);
            let id = request(&client, &draft, key).await.json()["requestId"].clone();
            let path = format!("/product/result?request={}", id.as_str().unwrap());
            let page = browser.get(&path).await;
            assert!(page.text().contains(told), "{path}\n{page:?}");
            assert_english(&path, &page, &names);
            assert_marked(&path, &page, user);
            let history = browser.get("/product/history").await;
            assert_english("/product/history", &history, &names);
            assert_marked("/product/history", &history, user);
        }
    }
    app.stop().await;
}

async fn an_answer_that_is_kept_is_told_in_the_language_of_whoever_asks_again(
    database: TestDatabase,
) {
    let app = TestApp::start(&database).await;
    let client = app.login("prod01").await;
    let draft = draft(&client).await;
    app.faults(&["kos.change=refuse:2004"]);
    let first = request(&client, &draft, "kept-key-1").await;
    assert_eq!(first.problem(), (409, "CHANGE_REJECTED".to_owned()));
    assert_eq!(first.json()["detail"], "현재 판매중인 상품이 아닙니다");
    let client = client.with("accept-language", "en");
    let english = request(&client, &draft, "kept-key-1").await;
    assert_eq!(english.problem(), (409, "CHANGE_REJECTED".to_owned()));
    assert_eq!(
        english.json()["detail"],
        "This plan is not currently on sale"
    );
    assert_eq!(english.json()["requestId"], first.json()["requestId"]);
    let client = client.with("accept-language", "ko");
    let again = request(&client, &draft, "kept-key-1").await;
    assert_eq!(again.body, first.body, "the same answer, byte for byte");
    app.stop().await;
}
