//! Clients that disconnect: their requests are finished and recorded.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
    wait::until,
};
use serde_json::json;
use std::time::Duration;

on_both_databases! { a_client_that_leaves_loses_nothing }

async fn a_client_that_leaves_loses_nothing(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let client = app.login("demo01").await;
    let options = client.get("/api/v1/product/change").await.json();
    let draft = json!({
        "lineId": options["line"]["lineId"],
        "currentProductCode": options["currentProduct"]["code"],
        "targetProductCode": options["products"][0]["code"],
    });
    app.faults(&["kos.change=delay:700", "kos.bill=delay:700"]);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "leaving-key-1"),
    ];
    let impatience = Duration::from_millis(300);
    let request = client.send(
        "POST",
        "/api/v1/product/request",
        &headers,
        draft.to_string().into_bytes(),
    );
    assert!(
        tokio::time::timeout(impatience, request).await.is_err(),
        "the client left"
    );
    let inquiry = client.post_json("/api/v1/bill/inquiry", json!({}));
    assert!(
        tokio::time::timeout(impatience, inquiry).await.is_err(),
        "the client left"
    );
    until("the change is completed", async || {
        client.get("/api/v1/product/history").await.json()["items"][0]["status"] == "COMPLETED"
    })
    .await;
    until("the inquiry is recorded", async || {
        client.get("/api/v1/bill/history").await.json()["items"][0]["status"] == "COMPLETED"
    })
    .await;
    app.faults(&[]);
    let again = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            draft.to_string().into_bytes(),
        )
        .await;
    assert_eq!(
        again.status, 200,
        "coming back with the key finds the answer: {again:?}"
    );
    assert_eq!(
        client.get("/api/v1/product/history").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    app.stop().await;
}
