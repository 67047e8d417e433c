//! The AP server: signatures, duplicates, the order of arrival.

use crate::support::{NOW, SECRET, Stand, extended, stand};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::Capabilities;

pub fn event(id: &str) -> Value {
    json!({
        "eventId": id, "type": "PRODUCT_CHANGE", "occurredAt": "2026-11-21T09:30:00+09:00",
        "customerId": "CUST1", "lineNumber": "01012345678", "result": "SUCCESS",
        "message": null, "payload": {"requestId": "r-1"},
    })
}

fn sign(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{NOW}.{body}").as_bytes());
    format!("t={NOW},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// A delivery, signed with the given secret.
pub fn request(stand: &Stand, event: &Value, secret: &str) -> RequestBuilder {
    let url = format!("{}/api/v1/mvno/results", stand.simulator.ap_url().unwrap());
    let body = event.to_string();
    let signature = sign(secret, &body);
    stand
        .client
        .post(url)
        .header("X-Signature", signature)
        .body(body)
}

/// The status and the body; `None` without a complete answer.
pub async fn deliver(stand: &Stand, event: &Value, secret: &str) -> Option<(u16, Value)> {
    let answer = request(stand, event, secret).send().await.ok()?;
    Some((answer.status().as_u16(), answer.json().await.ok()?))
}

fn received(stand: &Stand) -> Vec<(String, bool)> {
    let events = stand.simulator.ledger().ap_events().unwrap();
    events
        .into_iter()
        .map(|event| (event.event_id, event.duplicate))
        .collect()
}

#[tokio::test]
async fn results_are_recorded_in_order_and_duplicates_accepted_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = stand(Capabilities::ALL, Some(folder.path()), &[]).await;
    for (id, duplicate) in [("e1", false), ("e2", false), ("e1", true)] {
        let answer = deliver(&first, &event(id), SECRET).await.unwrap();
        assert_eq!(
            answer,
            (200, json!({"accepted": true, "duplicate": duplicate}))
        );
    }
    first.simulator.stop().await;
    let second = stand(Capabilities::ALL, Some(folder.path()), &[]).await;
    deliver(&second, &event("e2"), SECRET).await.unwrap();
    let expected = [("e1", false), ("e2", false), ("e1", true), ("e2", true)];
    assert_eq!(
        received(&second),
        expected.map(|(id, duplicate)| (id.to_owned(), duplicate))
    );
    let event = &second.simulator.ledger().ap_events().unwrap()[0];
    assert_eq!(
        (event.kind.as_str(), event.result.as_str()),
        ("PRODUCT_CHANGE", "SUCCESS")
    );
    assert_eq!(event.payload, json!({"requestId": "r-1"}));
}

#[tokio::test]
async fn what_is_not_signed_or_not_in_the_contract_is_not_received() {
    let stand = extended().await;
    assert_eq!(deliver(&stand, &event("e1"), "wrong").await.unwrap().0, 401);
    let url = format!("{}/api/v1/mvno/results", stand.simulator.ap_url().unwrap());
    let unsigned = stand
        .client
        .post(url)
        .json(&event("e1"))
        .send()
        .await
        .unwrap();
    assert_eq!(unsigned.status(), 401);
    for (field, value) in [
        ("type", json!("OTHER")),
        ("result", json!("OK")),
        ("eventId", json!(1)),
    ] {
        let mut malformed = event("e1");
        malformed[field] = value;
        assert_eq!(
            deliver(&stand, &malformed, SECRET).await.unwrap().0,
            400,
            "{field}"
        );
    }
    assert_eq!(received(&stand), []);
}

#[tokio::test]
async fn the_ap_can_fail_too() {
    let stand = extended().await;
    let rules = "ap=error_before:429,error_after,lost_answer,duplicate_delivery,refuse:403";
    stand.simulator.faults().set([rules.parse().unwrap()]);
    let mut answers = Vec::new();
    for id in ["busy", "after", "lost", "twice", "refused", "well"] {
        answers.push(
            deliver(&stand, &event(id), SECRET)
                .await
                .map(|(status, _)| status),
        );
    }
    assert_eq!(
        answers,
        [Some(429), Some(500), None, Some(200), Some(403), Some(200)]
    );
    let ids: Vec<String> = received(&stand).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["after", "lost", "twice", "twice", "well"]);
}
