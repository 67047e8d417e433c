//! KOS away: every answer conforms to the contract, and none shows a technical cause.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
};
use serde_json::json;

on_both_databases! { while_kos_is_away_nothing_else_is_and_no_cause_leaks }

/// Of the machines behind; on a page, addresses of its own may hold them.
const MACHINES: [&str; 2] = ["127.0.0.1", "localhost"];
/// Words of technical causes: none may reach a customer.
pub(super) const CAUSES: [&str; 9] = [
    "reqwest",
    "hyper",
    "sqlx",
    "SELECT",
    "sqlite",
    "postgres",
    "connection",
    "panicked",
    "timed out",
];

async fn while_kos_is_away_nothing_else_is_and_no_cause_leaks(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let client = app.login("demo01").await;
    let browser = app.browser("demo01").await;
    for fault in [
        "kos=reset",
        "kos=error_before:503",
        "kos=garbage",
        "kos=half_body",
        "kos=refuse:9999",
    ] {
        app.faults(&[fault]);
        for answer in [
            client.post_json("/api/v1/bill/inquiry", json!({})).await,
            client.get("/api/v1/product/menu").await,
            client.get("/api/v1/product/change").await,
            client.post_json("/rpc/bill/glance", json!({})).await,
        ] {
            assert!(
                [502, 503, 504].contains(&answer.status),
                "{fault} {answer:?}"
            );
            assert!(answer.code().starts_with("KOS_"), "{fault} {answer:?}");
            let body = answer.text();
            for cause in MACHINES.iter().chain(&CAUSES) {
                assert!(!body.contains(cause), "{fault} {cause} {body}");
            }
        }
        for path in ["/main", "/bill/result", "/product/menu"] {
            let page = browser.get(path).await.text();
            for cause in CAUSES {
                assert!(!page.contains(cause), "{fault} {path} {cause}");
            }
        }
        for path in [
            "/api/v1/auth/user-info",
            "/api/v1/bill/menu",
            "/api/v1/bill/history",
            "/api/v1/product/history",
            "/health/ready",
        ] {
            assert_eq!(client.get(path).await.status, 200, "{fault} {path}");
        }
    }
    app.stop().await;
}
