//! What the log says of a request.

use crate::support::{
    backends::{TestDatabase, on_sqlite},
    client::Client,
    log::Log,
    test_app::TestApp,
};
use sqlx::AssertSqlSafe;

use serde_json::json;

/// How a line names the address it comes from.
const FROM: &str = "from=127.0.0.1";

async fn account(database: &TestDatabase, user_id: &str) -> String {
    let sql = format!("SELECT account_id FROM auth_account WHERE user_id = '{user_id}'");
    database.text(AssertSqlSafe(sql)).await
}

/// On one thread, because the log of a test is heard on one.
#[tokio::test]
async fn a_session_that_a_renewal_ends_is_logged_with_its_request() {
    on_sqlite(renewed_by_two_browsers).await;
}

async fn renewed_by_two_browsers(database: TestDatabase) {
    let log = Log::listen();
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    let token = browser.cookie("phonebill_refresh").unwrap();
    // Two browsers come with one token: the second one has stolen it.
    for name in ["Chrome", "Firefox"] {
        Client::browser(app.origin())
            .with("user-agent", name)
            .with("cookie", &format!("phonebill_refresh={token}"))
            .get("/main")
            .await;
    }
    let ended = log.with("REFRESH_REUSED");
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert!(ended[0].contains("request{id="), "{ended:?}");
    assert!(
        ended[0].contains(&account(&database, "demo01").await),
        "{ended:?}"
    );
    assert!(ended[0].contains(FROM), "{ended:?}");
    app.stop().await;
}

#[tokio::test]
async fn a_refusal_is_one_line_with_the_account_and_the_address() {
    on_sqlite(refusals).await;
}

async fn refusals(database: TestDatabase) {
    let log = Log::listen();
    let app = TestApp::start(&database).await;
    let other = app.login("demo01").await;
    let menu = other.get("/api/v1/bill/menu").await.json();
    let others_line = menu["lineId"].as_str().unwrap();
    let (client, browser) = (app.login("bill01").await, app.browser("bill01").await);
    let known = account(&database, "bill01").await;
    let refused = |word: &str, nth: usize, who: &str| {
        let lines = log.with(word);
        assert_eq!(lines.len(), nth, "{word}: {lines:?}");
        let line = &lines[nth - 1];
        assert!(line.contains(FROM) && line.contains(who), "{line}");
        for personal in ["bill01", "01034567890", others_line] {
            assert!(!line.contains(personal), "{line}");
        }
    };

    let inquiry = json!({ "lineId": others_line });
    let answer = client.post_json("/api/v1/bill/inquiry", inquiry).await;
    assert_eq!(answer.problem(), (404, "LINE_NOT_FOUND".to_owned()));
    refused("LINE_NOT_FOUND", 1, &known);
    let page = format!("/bill/menu?line={others_line}");
    assert_eq!(browser.get(&page).await.status, 404);
    refused("LINE_NOT_FOUND", 2, &known);

    let answer = client.get("/api/v1/product/change").await;
    assert_eq!(answer.problem(), (403, "PERMISSION_DENIED".to_owned()));
    refused("permission denied", 1, &known);

    let product = app.login("prod01").await;
    let unknown = product
        .get("/api/v1/product/request/another-customers")
        .await;
    assert_eq!(unknown.problem(), (404, "NOT_FOUND".to_owned()));
    refused("code=\"NOT_FOUND\"", 1, &account(&database, "prod01").await);

    for (nth, user_id, who) in [(1, "bill01", known.as_str()), (2, "nobody01", "id=")] {
        let body = json!({ "userId": user_id, "password": "wrong battery 7" });
        let answer = app.anonymous().post_json("/api/v1/auth/login", body).await;
        assert_eq!(answer.problem(), (401, "AUTH_INVALID".to_owned()));
        refused("reason=\"REFUSED\"", nth, who);
    }
    let stranger = &log.with("reason=\"REFUSED\"")[1];
    assert!(!stranger.contains("account="), "{stranger}");
    app.stop().await;
}

#[tokio::test]
async fn a_limit_that_is_reached_is_logged_with_the_address() {
    on_sqlite(too_many_logins).await;
}

async fn too_many_logins(database: TestDatabase) {
    let log = Log::listen();
    let settings = [
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__LOGIN_BURST", "1"),
    ];
    let app = TestApp::start_with(&database, &settings).await;
    for status in [401, 429] {
        let body = json!({ "userId": "nobody01", "password": "wrong battery 7" });
        let answer = app.anonymous().post_json("/api/v1/auth/login", body).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    let limited = log.with("rate limited");
    assert_eq!(limited.len(), 1, "{limited:?}");
    assert!(limited[0].contains(FROM), "{limited:?}");
    assert!(limited[0].contains("address-logins"), "{limited:?}");
    app.stop().await;
}
