//! Bills, months, products: base and extended, answers and refusals.

use crate::support::{Stand, extended, stand};
use serde_json::{Value, json};
use simulator::{Capabilities, NO_BILL_LINE, Operation};

async fn base() -> Stand {
    // K1, K3 and K4 have no effect without the extended contract.
    let capabilities = Capabilities {
        extended: false,
        ..Capabilities::ALL
    };
    stand(capabilities, None, &[]).await
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn the_base_contract_has_no_extended_field_or_route() {
    let stand = base().await;
    let bill = stand.bill("01023456789", None).await;
    assert_eq!(
        keys(&bill["data"]["billInfo"]),
        [
            "billStatus",
            "billingMonth",
            "dataUsage",
            "discountAmount",
            "dueDate",
            "lineNumber",
            "monthlyFee",
            "productCode",
            "productName",
            "smsUsage",
            "totalFee",
            "usageFee",
            "voiceUsage",
        ]
    );
    let list = stand.get("/product/list").await;
    for product in list["data"]["products"].as_array().unwrap() {
        assert!(product.get("operator_code").is_none() && product.get("benefits").is_none());
    }
    let url = stand.kos("/product/change/some-id");
    assert_eq!(stand.client.get(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn money_usage_and_unlimited_come_in_their_awkward_forms() {
    let stand = base().await;
    let body = json!({"lineNumber": "01012345678", "requestId": "r"});
    let bill = stand.ask("/bill/inquiry", Some(&body)).await;
    assert!(bill.contains(r#""monthlyFee":69000.00,"#), "{bill}");
    assert!(
        bill.contains("GB\"") && bill.contains("분\"") && bill.contains("건\""),
        "{bill}"
    );
    let product = stand.ask("/product/inquiry", Some(&body)).await;
    assert!(
        product.contains(r#""voiceAllowance":-1,"smsAllowance":"무제한""#),
        "{product}"
    );
    let list = stand.ask("/product/list", None).await;
    assert!(
        list.contains(r#""data_allowance":-1,"voice_allowance":"무제한""#),
        "{list}"
    );
}

#[tokio::test]
async fn charges_less_discounts_are_the_total_in_every_month_listed() {
    let stand = extended().await;
    for line in [
        "01012345678",
        "01023456789",
        "01034567890",
        "01045678901",
        "01056789012",
    ] {
        let listed = stand.get(&format!("/bill/available-months/{line}")).await;
        let months = listed["data"]["availableMonths"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(months.len(), 6);
        assert_eq!(
            (&months[0], &months[5]),
            (&json!("2026-11"), &json!("2026-06"))
        );
        for month in months {
            let month = month.as_str().unwrap().replace('-', "");
            let answer = stand.bill(line, Some(&month)).await;
            let info = &answer["data"]["billInfo"];
            let sum = |name: &str| -> f64 {
                info[name]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| c["amount"].as_f64().unwrap())
                    .sum()
            };
            assert_eq!(info["billingMonth"], month);
            assert_eq!(
                sum("charges") - sum("discounts"),
                info["totalFee"].as_f64().unwrap()
            );
            let fees = info["monthlyFee"].as_f64().unwrap() + info["usageFee"].as_f64().unwrap();
            assert_eq!(fees, sum("charges"));
            assert_eq!(info["discountAmount"].as_f64().unwrap(), sum("discounts"));
        }
    }
}

#[tokio::test]
async fn a_bill_without_a_month_is_the_current_one() {
    let stand = extended().await;
    let implied = stand.bill("01012345678", None).await;
    assert_eq!(implied, stand.bill("01012345678", Some("202611")).await);
}

#[tokio::test]
async fn a_suspended_line_can_be_read() {
    let stand = extended().await;
    for line in ["01056789012", "01044448888"] {
        let body = json!({"lineNumber": line, "requestId": "r"});
        let product = stand.post("/product/inquiry", &body).await;
        assert_eq!(product["data"]["customerInfo"]["lineStatus"], "SUSPENDED");
        assert_eq!(stand.bill(line, None).await["resultCode"], "0000");
    }
}

#[tokio::test]
async fn inquiries_are_refused_with_their_codes() {
    let stand = extended().await;
    let no_month = json!({"lineNumber": NO_BILL_LINE, "billingMonth": "202608", "requestId": "r"});
    for (path, body, code) in [
        (
            "/bill/inquiry",
            json!({"lineNumber": "01012340000", "requestId": "r"}),
            "1001",
        ),
        (
            "/bill/inquiry",
            json!({"lineNumber": "01012349999", "requestId": "r"}),
            "1002",
        ),
        ("/bill/inquiry", no_month, "1003"),
        (
            "/product/inquiry",
            json!({"lineNumber": "01012340000", "requestId": "r"}),
            "3001",
        ),
        (
            "/product/inquiry",
            json!({"lineNumber": "01012349999", "requestId": "r"}),
            "3002",
        ),
        ("/bill/inquiry", json!([]), "9001"),
        ("/bill/inquiry", json!({"requestId": "r"}), "9002"),
        (
            "/bill/inquiry",
            json!({"lineNumber": 1_012_345_678, "requestId": "r"}),
            "9002",
        ),
        (
            "/bill/inquiry",
            json!({"lineNumber": "010-1234-5678", "requestId": "r"}),
            "9003",
        ),
        (
            "/product/inquiry",
            json!({"lineNumber": "01012345678", "requestId": ""}),
            "9006",
        ),
        (
            "/product/inquiry",
            json!({"lineNumber": "01012345678", "requestId": "a b"}),
            "9006",
        ),
    ] {
        let answer = stand.post(path, &body).await;
        assert_eq!(answer["resultCode"], code, "{path} {body}");
        assert_eq!(
            (&answer["success"], &answer["data"]),
            (&json!(false), &Value::Null)
        );
    }
    for (month, code) in [
        ("202605", "1003"),
        ("202612", "1003"),
        ("2026-11", "9004"),
        ("202613", "9004"),
    ] {
        assert_eq!(
            stand.bill("01012345678", Some(month)).await["resultCode"],
            code,
            "{month}"
        );
    }
    assert_eq!(
        stand.get("/bill/available-months/01012340000").await["resultCode"],
        "1001"
    );
    assert_eq!(
        stand.get("/bill/available-months/123").await["resultCode"],
        "9003"
    );
}

#[tokio::test]
async fn the_journal_tells_who_asked_what() {
    let stand = extended().await;
    stand.bill("01012345678", None).await;
    stand.get("/product/list").await;
    let requests = stand.simulator.journal().requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].operation, Operation::Bill);
    assert_eq!(requests[0].service_name.as_deref(), Some("MVNO-PHONEBILL"));
    assert_eq!(requests[0].request_id.as_deref(), Some("trace-0001"));
    assert!(requests[0].body.contains("01012345678"));
    assert_eq!(stand.simulator.journal().calls(Operation::List), 1);
    assert_eq!(stand.simulator.journal().calls(Operation::Change), 0);
}
