//! Menu, plans, checks, the change, its history.

use super::{items, keys, text};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
    wait::until,
};
use serde_json::json;

on_both_databases! { an_unclear_change_is_accepted_and_then_settled }

pub(super) async fn walk(app: &TestApp, client: &Client, line: &str) {
    let menu = client.get("/api/v1/product/menu").await.json();
    assert_eq!(
        keys(&menu),
        [
            "availableProducts",
            "currentProduct",
            "customerId",
            "line",
            "userName"
        ]
    );
    assert_eq!(text(&menu["line"], "status"), "ACTIVE");
    let options = client
        .get(&format!("/api/v1/product/change?lineId={line}"))
        .await
        .json();
    let current = text(&options["currentProduct"], "code").to_owned();
    let target = options["products"][0].clone();
    assert_eq!(
        target["feeDelta"].as_i64().unwrap(),
        target["monthlyFee"].as_i64().unwrap()
            - options["currentProduct"]["monthlyFee"].as_i64().unwrap()
    );
    let target = text(&target, "code").to_owned();
    let draft = json!({"lineId": line, "currentProductCode": current, "targetProductCode": target});
    let check = client
        .post_json("/api/v1/product/check", draft.clone())
        .await
        .json();
    assert_eq!(check["passed"], true);
    let kinds: Vec<_> = check["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| text(check, "type").to_owned())
        .collect();
    assert_eq!(kinds, ["PRODUCT_ON_SALE", "OPERATOR_MATCH", "LINE_IN_USE"]);
    let keyed = app.anonymous();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "walk-key-0001"),
    ];
    let body = || draft.to_string().into_bytes();
    assert_eq!(
        keyed
            .send("POST", "/api/v1/product/request", &headers, body())
            .await
            .status,
        401
    );
    let first = client
        .send("POST", "/api/v1/product/request", &headers, body())
        .await;
    assert_eq!(first.status, 200, "{first:?}");
    let change = first.json();
    assert_eq!(
        keys(&change),
        [
            "effectiveDate",
            "failure",
            "from",
            "kosOrderNumber",
            "lineId",
            "lineNumber",
            "processedAt",
            "receipt",
            "requestId",
            "requestedAt",
            "status",
            "to"
        ]
    );
    assert_eq!(
        (text(&change, "status"), text(&change["to"], "code")),
        ("COMPLETED", target.as_str())
    );
    let again = client
        .send("POST", "/api/v1/product/request", &headers, body())
        .await;
    assert_eq!(
        (again.status, &again.body),
        (200, &first.body),
        "the same answer, byte for byte"
    );
    let other = json!({"lineId": line, "currentProductCode": target, "targetProductCode": current})
        .to_string();
    let reused = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            other.into_bytes(),
        )
        .await;
    assert_eq!(reused.problem(), (422, "IDEMPOTENCY_KEY_REUSED".to_owned()));
    let stale = client.post_json("/api/v1/product/check", draft).await;
    assert_eq!(stale.problem(), (409, "CURRENT_PRODUCT_CHANGED".to_owned()));
    let path = format!("/api/v1/product/request/{}", text(&change, "requestId"));
    assert_eq!(client.get(&path).await.json(), change);
    assert_eq!(
        app.login("susp01").await.get(&path).await.problem(),
        (404, "NOT_FOUND".to_owned())
    );
    assert_eq!(items(client, "/api/v1/product/history").await[0], change);
    let menu = client.get("/api/v1/product/menu").await.json();
    assert_eq!(text(&menu["currentProduct"], "code"), target);
}

async fn an_unclear_change_is_accepted_and_then_settled(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let client = app.login("prod01").await;
    let options = client.get("/api/v1/product/change").await.json();
    let draft = json!({
        "lineId": options["line"]["lineId"],
        "currentProductCode": options["currentProduct"]["code"],
        "targetProductCode": options["products"][0]["code"],
    });
    app.faults(&[
        "kos.change=lost_answer*1",
        "kos.change_status=error_before:503*1",
    ]);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "unclear-key-1"),
    ];
    let answer = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            draft.to_string().into_bytes(),
        )
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(text(&answer.json(), "status"), "PENDING");
    let place = answer.header("location").to_owned();
    assert_eq!(
        place,
        format!(
            "/api/v1/product/request/{}",
            text(&answer.json(), "requestId")
        )
    );
    app.faults(&[]);
    until("the change is settled", async || {
        client.get(&place).await.json()["status"] == "COMPLETED"
    })
    .await;
    app.stop().await;
}
