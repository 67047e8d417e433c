//! Menu, inquiry, history.

use super::{items, keys, text};
use crate::support::{client::Client, wait::until};
use serde_json::json;

pub(super) async fn walk(client: &Client, line: &str) {
    let menu = client.get("/api/v1/bill/menu").await.json();
    assert_eq!(keys(&menu), ["currentMonth", "lineId", "lines", "months"]);
    assert_eq!(
        (
            text(&menu, "lineId"),
            menu["months"].as_array().unwrap().len()
        ),
        (line, 6)
    );
    let this_month = text(&menu, "currentMonth");
    let bill = client
        .post_json("/api/v1/bill/inquiry", json!({}))
        .await
        .json();
    assert_eq!(
        keys(&bill),
        [
            "charges",
            "contract",
            "discounts",
            "freshness",
            "installment",
            "lineId",
            "lineNumber",
            "month",
            "payment",
            "product",
            "requestId",
            "terminationFee",
            "total",
            "usage"
        ]
    );
    assert_eq!(
        (text(&bill, "month"), text(&bill, "lineId")),
        (this_month, line)
    );
    assert_eq!(text(&bill["freshness"], "source"), "KOS");
    assert!(text(&bill["freshness"], "asOf").ends_with("+09:00"));
    let sum = |name: &str| -> i64 {
        let items = bill[name].as_array().unwrap();
        items
            .iter()
            .map(|item| item["amount"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(
        bill["total"].as_i64().unwrap(),
        sum("charges") - sum("discounts")
    );
    let again = client
        .post_json(
            "/api/v1/bill/inquiry",
            json!({"lineId": line, "month": this_month}),
        )
        .await
        .json();
    assert_eq!(text(&again["freshness"], "source"), "CACHE");
    for (month, code) in [
        ("2099-01", "MONTH_IN_FUTURE"),
        ("2020-01", "MONTH_TOO_OLD"),
        ("2026-1", "MALFORMED"),
    ] {
        let answer = client
            .post_json("/api/v1/bill/inquiry", json!({"month": month}))
            .await;
        assert_eq!(answer.fields(), [("month".to_owned(), code.to_owned())]);
    }
    until("both inquiries are in the history", async || {
        items(client, "/api/v1/bill/history").await.len() >= 2
    })
    .await;
    let page = client.get("/api/v1/bill/history?limit=1").await.json();
    assert_eq!(
        keys(&page["items"][0]),
        [
            "deliveredAt",
            "lineId",
            "month",
            "processedAt",
            "requestId",
            "requestedAt",
            "resultCode",
            "source",
            "status"
        ]
    );
    let next = client
        .get(&format!(
            "/api/v1/bill/history?limit=1&cursor={}",
            text(&page, "nextCursor")
        ))
        .await
        .json();
    assert_ne!(page["items"][0]["requestId"], next["items"][0]["requestId"]);
    assert_eq!(
        client
            .get("/api/v1/bill/history?cursor=%00nonsense")
            .await
            .status,
        400
    );
    assert_eq!(
        client
            .get("/api/v1/bill/history?from=2020-01-01&to=2020-12-31")
            .await
            .json()["items"],
        json!([])
    );
}
