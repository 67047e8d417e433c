//! Changes: applied, refused, repeated, found again; the facts K1 to K4.

use crate::support::{change, demo_change, extended, stand, until};
use serde_json::json;
use simulator::{Capabilities, Operation};
use std::time::Duration;

const PATH: &str = "/product/change";

#[tokio::test]
async fn a_change_is_seen_everywhere_and_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = stand(Capabilities::ALL, Some(folder.path()), &[]).await;
    let answer = first.post(PATH, &demo_change("change-1")).await;
    let info = &answer["data"]["changeInfo"];
    assert_eq!(answer["resultCode"], "0000");
    assert_eq!(info["effectiveDate"], "20261121");
    assert_eq!(info["previousProductCode"], "5G-STANDARD-001");
    assert_eq!(info["kosOrderNumber"], "KOS20261121000001");
    first.simulator.stop().await;

    let second = stand(Capabilities::ALL, Some(folder.path()), &[]).await;
    assert_eq!(second.current_plan("01012345678").await, "LTE-BASIC-001");
    let product = async |month| {
        let bill = second.bill("01012345678", Some(month)).await;
        bill["data"]["billInfo"]["productCode"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(product("202611").await, "LTE-BASIC-001");
    assert_eq!(
        product("202610").await,
        "5G-STANDARD-001",
        "past bills keep their plan"
    );
    let found = second.get("/product/change/change-1").await;
    assert_eq!(found["data"], answer["data"], "the recorded answer");
    let repeated = second.post(PATH, &demo_change("change-1")).await;
    assert_eq!(
        (&repeated["resultCode"], &repeated["data"]),
        (&json!("2007"), &answer["data"])
    );
    assert_eq!(second.orders(), ["KOS20261121000001"]);
    assert_eq!(second.attempts(), 2);
}

#[tokio::test]
async fn changes_are_refused_with_their_codes_and_nothing_is_applied() {
    let stand = extended().await;
    let line = "01012345678";
    let from = "5G-STANDARD-001";
    for (body, code) in [
        (change("01012340000", from, "LTE-BASIC-001", "r1"), "2001"),
        (
            change("01056789012", "5G-SLIM-001", "LTE-BASIC-001", "r2"),
            "2002",
        ),
        (change("01012349999", from, "LTE-BASIC-001", "r3"), "2002"),
        (change(line, from, "NO-SUCH-PLAN", "r4"), "2003"),
        (change(line, from, "3G-OLD-001", "r5"), "2004"),
        (change(line, from, "LTE-EVENT-001", "r6"), "2004"),
        (change(line, from, "LTE-PURE-11-001", "r7"), "2005"),
        (
            change(line, "LTE-PREMIUM-001", "LTE-BASIC-001", "r8"),
            "2006",
        ),
        (change(line, from, "not a code", "r9"), "9005"),
        (change(line, from, "LTE-BASIC-001", &"x".repeat(65)), "9006"),
        (
            json!({"lineNumber": line, "targetProductCode": from, "requestId": "r"}),
            "9002",
        ),
    ] {
        let answer = stand.post(PATH, &body).await;
        assert_eq!(answer["resultCode"], code, "{body}");
        assert_eq!(answer["success"], false);
    }
    assert_eq!(stand.orders(), [""; 0]);
    assert_eq!(stand.attempts(), 11);
    let codes: Vec<_> = stand.simulator.ledger().changes_refused().unwrap();
    assert_eq!(
        codes.len(),
        8,
        "malformed requests are no refusals of a change"
    );
    assert_eq!(stand.get("/product/change/r5").await["resultCode"], "2404");
    let again = stand
        .post(PATH, &change(line, from, "LTE-BASIC-001", "r5"))
        .await;
    assert_eq!(again["resultCode"], "2004", "K3 repeats a refusal too");
}

#[tokio::test]
async fn without_k3_a_duplicate_is_applied_again() {
    let stand = stand(Capabilities::BASE, None, &[]).await;
    for _ in 0..2 {
        assert_eq!(
            stand.post(PATH, &demo_change("same")).await["resultCode"],
            "0000"
        );
    }
    assert_eq!(stand.orders().len(), 2);
}

#[tokio::test]
async fn without_k4_the_plan_the_caller_believes_in_does_not_matter() {
    let stand = stand(
        Capabilities {
            k4: false,
            ..Capabilities::ALL
        },
        None,
        &[],
    )
    .await;
    let wrong = change("01012345678", "LTE-LITE-001", "LTE-BASIC-001", "r");
    let answer = stand.post(PATH, &wrong).await;
    assert_eq!(
        answer["data"]["changeInfo"]["previousProductCode"],
        "5G-STANDARD-001"
    );
}

#[tokio::test]
async fn only_k1_finds_a_change_again() {
    let found = extended().await;
    assert_eq!(
        found.get("/product/change/unknown").await["resultCode"],
        "2404"
    );
    let blind = stand(
        Capabilities {
            k1: false,
            ..Capabilities::ALL
        },
        None,
        &[],
    )
    .await;
    let url = blind.kos("/product/change/unknown");
    assert!(
        blind
            .client
            .get(url)
            .send()
            .await
            .unwrap()
            .status()
            .is_client_error()
    );
}

/// A caller who gave up on a slow KOS finds the change applied later, unless K2 forbids it.
#[tokio::test]
async fn a_late_change_is_applied_only_within_the_horizon() {
    for (k2, applied) in [(false, 1), (true, 0)] {
        let capabilities = Capabilities {
            k2,
            ..Capabilities::ALL
        };
        let stand = stand(capabilities, None, &["kos.change=delay:150"]).await;
        let gave_up = stand
            .client
            .post(stand.kos(PATH))
            .timeout(Duration::from_millis(50))
            .json(&demo_change("late"))
            .send()
            .await;
        assert!(gave_up.unwrap_err().is_timeout());
        assert_eq!(stand.simulator.journal().calls(Operation::Change), 1);
        stand.clock.advance(31);
        let ledger = stand.simulator.ledger();
        until("the change is settled", || {
            let refused = ledger.changes_refused().unwrap().len();
            ledger.changes_applied().unwrap().len() + refused == 1
        })
        .await;
        assert_eq!(stand.orders().len(), applied, "K2 is {k2}");
    }
}

#[tokio::test]
async fn many_changes_at_once_have_one_order_number_each() {
    let folder = tempfile::tempdir().unwrap();
    let stand = stand(Capabilities::ALL, Some(folder.path()), &[]).await;
    let calls = (0..20).map(|n| {
        let id = format!("id-{n}");
        let (from, to) = ("5G-STANDARD-001", "LTE-BASIC-001");
        let body = change("01012345678", from, to, &id);
        let request = stand.client.post(stand.kos(PATH)).json(&body).send();
        async move { request.await.unwrap().status() }
    });
    for status in futures::future::join_all(calls).await {
        assert_eq!(status, 200);
    }
    assert_eq!(
        stand.orders(),
        ["KOS20261121000001"],
        "K4 lets the first one through"
    );
    assert_eq!(stand.attempts(), 20);
    assert_eq!(
        stand.simulator.ledger().changes_refused().unwrap().len(),
        19
    );
}
