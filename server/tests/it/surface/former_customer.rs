//! A customer who has left a line: its number may be somebody else's by now.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
    wait::until,
};
use app::{
    problem::ProblemCode,
    text::{self, Lang},
};
use serde_json::{Value, json};
use server::{auth::Accounts, clock::Clock, config::Layers, ids::Ids};

on_both_databases! {
    the_next_customers_line_is_not_there_for_the_one_before,
    a_line_that_was_taken_is_not_there_for_a_session_that_goes_on,
}

async fn the_next_customers_line_is_not_there_for_the_one_before(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (log_in(&app).await, app.browser("demo01").await);
    let draft = draft(&client).await;
    assert_eq!(client.get("/api/v1/product/menu").await.status, 200);
    database
        .execute(
            "UPDATE auth_account SET customer_id = 'CUST-OF-BEFORE', revision = revision + 1
              WHERE user_id = 'demo01'",
        )
        .await;
    until("the session takes it over", async || {
        let user = client.get("/api/v1/auth/user-info").await.json();
        user["customerId"] == "CUST-OF-BEFORE"
    })
    .await;
    is_not_there(&client, &draft).await;
    let line = draft["lineId"].as_str().unwrap();
    let words = text::problem::words(Lang::default(), ProblemCode::LineNotFound);
    for path in ["/bill/result", "/product/menu", "/product/change"] {
        let path = format!("{path}?line={line}");
        // The browser's session takes it over in a second of its own.
        until("the page tells that there is no such line", async || {
            browser.get(&path).await.text().contains(words.detail)
        })
        .await;
    }
    let ledger = app.simulator().ledger();
    assert!(ledger.change_attempts().unwrap().is_empty());
    app.stop().await;
}

async fn a_line_that_was_taken_is_not_there_for_a_session_that_goes_on(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let client = log_in(&app).await;
    let draft = draft(&client).await;
    let config = Layers::default().finish().unwrap();
    let clock = Clock::system();
    let ids = Ids::random(clock.clone());
    let db = database.replica().await;
    let accounts = Accounts::new(db, &config.auth, clock, ids).unwrap();
    let (user, line) = ("demo01".parse().unwrap(), "01012345678".parse().unwrap());
    accounts.remove_line(&user, &line).await.unwrap();
    until("the session takes it over", async || {
        let user = client.get("/api/v1/auth/user-info").await.json();
        user["lines"].as_array().unwrap().len() == 1
    })
    .await;
    is_not_there(&client, &draft).await;
    let ledger = app.simulator().ledger();
    assert!(ledger.change_attempts().unwrap().is_empty());
    // The other line is still the customer's.
    assert_eq!(client.get("/api/v1/product/menu").await.status, 200);
    app.stop().await;
}

async fn log_in(app: &TestApp) -> Client {
    let client = app.login("demo01").await;
    client.with("Idempotency-Key", "of-the-former-1")
}

/// A change of the customer's first line that could be made.
async fn draft(client: &Client) -> Value {
    let options = client.get("/api/v1/product/change").await.json();
    let draft = json!({
        "lineId": options["line"]["lineId"],
        "currentProductCode": options["currentProduct"]["code"],
        "targetProductCode": options["products"][0]["code"],
    });
    let bill = json!({ "lineId": draft["lineId"] });
    let bill = client.post_json("/api/v1/bill/inquiry", bill).await;
    assert_eq!(bill.status, 200, "{bill:?}");
    draft
}

async fn is_not_there(client: &Client, draft: &Value) {
    let line = draft["lineId"].as_str().unwrap();
    let bill = json!({ "lineId": line });
    for answer in [
        client.post_json("/api/v1/bill/inquiry", bill).await,
        client
            .get(&format!("/api/v1/product/menu?lineId={line}"))
            .await,
        client
            .get(&format!("/api/v1/product/change?lineId={line}"))
            .await,
        client
            .post_json("/api/v1/product/check", draft.clone())
            .await,
        client
            .post_json("/api/v1/product/request", draft.clone())
            .await,
    ] {
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (404, json!("LINE_NOT_FOUND")), "{answer:?}");
    }
}
