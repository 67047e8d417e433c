//! Server functions answer like the API: the same table, the same statuses, the same problems.

use crate::support::gateway::TestGateway;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;
use std::collections::BTreeSet;

const BILL: [&str; 7] = [
    "menu", "inquire", "glance", "before", "recent", "compare", "history",
];
const PRODUCT: [&str; 9] = [
    "menu",
    "options",
    "fee",
    "check",
    "check_one",
    "use_of_key",
    "open_change",
    "status",
    "history",
];

fn paths() -> BTreeSet<String> {
    let bill = BILL.iter().map(|verb| format!("/rpc/bill/{verb}"));
    let product = PRODUCT.iter().map(|verb| format!("/rpc/product/{verb}"));
    bill.chain(product)
        .chain(["/rpc/auth/sessions".to_owned()])
        .collect()
}

#[test]
fn what_is_registered_is_what_the_table_lists() {
    let registered: BTreeSet<_> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(registered, paths());
}

#[tokio::test]
async fn each_is_behind_its_permission() {
    let gateway = TestGateway::start().await;
    for path in paths() {
        let anonymous = gateway.anonymous().post_json(&path, json!({})).await;
        assert_eq!(
            anonymous.problem(),
            (401, "TOKEN_MISSING".to_owned()),
            "{path}"
        );
        let wrong = if path.contains("/bill/") {
            "prod01"
        } else {
            "bill01"
        };
        if !path.contains("/auth/") {
            for user in [wrong, "none01"] {
                let answer = gateway.program(user).post_json(&path, json!({})).await;
                assert_eq!(
                    answer.problem(),
                    (403, "PERMISSION_DENIED".to_owned()),
                    "{user} {path}"
                );
            }
        }
        let get = gateway.program("demo01").get(&path).await;
        assert_eq!(
            get.problem(),
            (405, "METHOD_NOT_ALLOWED".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn malformed_arguments_are_the_callers_mistake() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    for path in paths().iter().filter(|path| !path.contains("/auth/")) {
        for body in [
            "",
            "{",
            "[]",
            "\"x\"",
            r#"{"line":7,"draft":7,"request":7}"#,
        ] {
            let answer = client.post_as(path, "application/json", body).await;
            assert_eq!(
                answer.problem(),
                (400, "VALIDATION_FAILED".to_owned()),
                "{path} {body}"
            );
        }
        let answer = client
            .post_as(path, "application/x-www-form-urlencoded", "line=x")
            .await;
        assert_eq!(
            answer.problem(),
            (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn problems_keep_their_status_and_panics_are_answered() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    let answer = client
        .post_json("/rpc/bill/glance", json!({"line": "problem:KOS_TIMEOUT"}))
        .await;
    assert_eq!(answer.problem(), (504, "KOS_TIMEOUT".to_owned()));
    assert_eq!(answer.json()["traceId"], answer.header("x-request-id"));
    assert_eq!(answer.header("retry-after"), "7");
    let answer = client
        .post_json("/rpc/bill/menu", json!({"line": "panic"}))
        .await;
    assert_eq!(answer.problem(), (500, "INTERNAL".to_owned()));
    assert_eq!(
        client.post_json("/rpc/bill/menu", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn a_plain_form_is_not_sent_back_to_a_foreign_referer() {
    let gateway = TestGateway::start().await;
    let client = gateway
        .program("demo01")
        .with("accept", "text/html")
        .with("referer", "http://evil.example/page");
    let answer = client
        .post_json("/rpc/bill/glance", json!({"line": "problem:KOS_TIMEOUT"}))
        .await;
    assert_eq!(answer.problem(), (504, "KOS_TIMEOUT".to_owned()));
    let answer = client.post_json("/rpc/bill/menu", json!({})).await;
    assert_eq!((answer.status, answer.header("location")), (200, ""));
}
