//! Every screen while KOS is away: it says what is missing, with a way on and the request id, and shows
//! what it has, with its age.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Answer,
    test_app::TestApp,
    wait::until,
};
use app::{
    model::{Bill, BillingMonth, Source},
    problem::{Problem, ProblemCode},
    text::{
        self, Lang, bill_result::BillResult, frame::Frame, product_plan::ProductPlan,
        product_request::ProductRequest, product_result::ProductResult, quantity::data,
    },
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_databases! {
    a_screen_without_kos_says_what_to_do_next,
    an_older_bill_is_shown_with_its_time,
    a_known_bill_is_shown_at_once_and_the_others_when_they_are_known,
    how_a_change_ended_is_shown_at_once_and_its_fee_when_it_is_known,
    a_change_is_reviewed_at_once_and_with_the_last_bills_when_they_are_known,
}

async fn a_screen_without_kos_says_what_to_do_next(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    app.faults(&["kos=error_before:503"]);
    let away = Problem::of(ProblemCode::KosUnavailable);
    let words = Frame::of(Lang::default());
    for path in ["/main", "/bill/result", "/product/menu", "/product/change"] {
        let page = browser.get(path).await;
        let html = page.text();
        for part in [
            away.detail(),
            words.retry,
            words.request_id,
            &format!("href=\"{path}\""),
            page.header("x-request-id"),
        ] {
            assert!(html.contains(part), "{path} lacks {part}\n{html}");
        }
    }
    for path in ["/bill/menu", "/bill/history", "/product/history"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains(words.request_id), "{path}");
    }
    app.stop().await;
}

async fn an_older_bill_is_shown_with_its_time(database: TestDatabase) {
    let brief = [("PHONEBILL__CACHE__BILL_TTL_S", "1")];
    let app = TestApp::start_with(&database, &brief).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    client.post_json("/api/v1/bill/inquiry", json!({})).await;
    app.faults(&["kos=error_before:503"]);
    let words = BillResult::of(Lang::default());
    let seen = async || browser.get("/bill/result").await;
    let is_stale = |page: &Answer| page.text().contains(words.stale);
    until("the bill is an old one", || async {
        is_stale(&seen().await)
    })
    .await;
    let bill = client.post_json("/api/v1/bill/inquiry", json!({})).await;
    let freshness = bill.json()["freshness"].clone();
    assert_eq!(freshness["source"], "STALE");
    let as_of = serde_json::from_value(freshness["asOf"].clone()).unwrap();
    let as_of = (words.as_of)(Source::Stale, &text::instant(Lang::default(), &as_of)).unwrap();
    for (path, said) in [
        ("/bill/result", [words.stale, words.trend.some_stale]),
        ("/main", [words.stale, words.usage.data]),
    ] {
        let page = browser.get(path).await.text();
        for part in [as_of.as_str()].into_iter().chain(said) {
            assert!(page.contains(part), "{path} lacks {part}\n{page}");
        }
    }
    app.stop().await;
}

async fn a_known_bill_is_shown_at_once_and_the_others_when_they_are_known(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let bill = client.post_json("/api/v1/bill/inquiry", json!({})).await;
    let text = |name: &str| bill.json()[name].as_str().unwrap().to_owned();
    let again = format!(
        "href=\"/bill/result?line={}&amp;month={}\"",
        text("lineId"),
        text("month")
    );
    let words = BillResult::of(Lang::default());
    let month: BillingMonth = text("month").parse().unwrap();
    let previous_not_now = (words.previous_not_now)(month.previous());
    let slowness = Duration::from_millis(2_500);
    app.faults(&["kos.bill=delay:2500"]);
    let soon = async |path: &str| {
        let asked = Instant::now();
        let html = browser.get(path).await.text();
        let waited = asked.elapsed();
        assert!(waited < slowness / 2, "{path}: {waited:?}");
        html
    };
    let main = soon("/main").await;
    assert!(main.contains(words.usage.data), "{main}");
    let html = soon("/bill/result").await;
    for part in [
        previous_not_now.as_str(),
        words.trend.some_not_now,
        words.trend.not_now,
        &again,
        words.charges.title,
    ] {
        assert!(html.contains(part), "lacks {part}\n{html}");
    }
    until("every month is known", || async {
        let html = browser.get("/bill/result").await.text();
        !html.contains(words.trend.not_now) && !html.contains(&previous_not_now)
    })
    .await;
    app.stop().await;
}

async fn how_a_change_ended_is_shown_at_once_and_its_fee_when_it_is_known(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("prod01").await;
    let slowness = Duration::from_millis(2_500);
    let address = app.change(&browser, "prod01").await;
    app.faults(&["kos.product=delay:2500"]);
    let words = ProductResult::of(Lang::default());
    let fee = format!("<dt>{}</dt>", ProductPlan::of(Lang::default()).fee);
    let asked = Instant::now();
    let page = browser.get(&address).await;
    let waited = asked.elapsed();
    assert!(waited < slowness / 2, "{waited:?}");
    let html = page.text();
    assert!(html.contains(words.completed), "{html}");
    assert!(!html.contains(&fee), "{html}");
    until("the fee is known", || async {
        browser.get(&address).await.text().contains(&fee)
    })
    .await;
    app.stop().await;
}

async fn a_change_is_reviewed_at_once_and_with_the_last_bills_when_they_are_known(
    database: TestDatabase,
) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let options = client.get("/api/v1/product/change").await.json();
    let code = |value: &Value| value.as_str().unwrap().to_owned();
    let plans = options["products"].as_array().unwrap();
    let limited = plans.iter().filter(|plan| plan["dataMb"].is_u64());
    let least = limited.min_by_key(|plan| plan["dataMb"].as_u64()).unwrap();
    let address = format!(
        "/product/request?line={}&to={}&key=slow-bills-1&checked=1",
        code(&options["line"]["lineId"]),
        code(&least["code"]),
    );
    let words = ProductRequest::of(Lang::default());
    let slowness = Duration::from_millis(2_500);
    app.faults(&["kos.bill=delay:2500"]);
    let asked = Instant::now();
    let page = browser.get(&address).await.text();
    let waited = asked.elapsed();
    assert!(waited < slowness / 2, "{waited:?}");
    for part in [words.passed, &(words.penalty)(None)] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    until("both bills are known", || async {
        let known = client.post_json("/rpc/bill/recent", json!({})).await.json();
        known["data"].as_array().unwrap().len() == 2
    })
    .await;
    let menu = client.get("/api/v1/bill/menu").await.json();
    let mut used = Vec::new();
    for month in &menu["months"].as_array().unwrap()[..2] {
        let inquiry = json!({ "month": month });
        let bill = client.post_json("/api/v1/bill/inquiry", inquiry).await;
        let bill: Bill = serde_json::from_value(bill.json()).unwrap();
        used.push((bill.usage.data.unwrap().used_mb, bill.month, bill.contract));
    }
    let left = used[0].2.as_ref().unwrap().months_left;
    let (most, month, _) = used.iter().max_by_key(|(used, ..)| *used).unwrap();
    let caution = (ProductPlan::of(Lang::default()).uses_more)(
        &text::month(Lang::default(), *month),
        &data(Lang::default(), *most),
        &data(Lang::default(), least["dataMb"].as_u64().unwrap()),
    );
    let page = browser.get(&address).await.text();
    for part in [caution, (words.penalty)(Some(left))] {
        assert!(page.contains(&part), "{part}\n{page}");
    }
    app.stop().await;
}
