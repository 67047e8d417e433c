//! The AP client against the simulator, over real HTTP.

use crate::support::{holding_ap::HoldingAp, scrape};
use futures::future::join_all;
use prometheus_client::registry::Registry;
use server::{
    clock::Clock,
    config::MvnoConfig,
    mvno::{DeliveryError, MvnoClient, OutgoingEvent},
};
use simulator::{FaultRule, Simulator, SimulatorConfig};
use std::time::Duration;

const SECRET: &str = "a-secret-of-the-two";
const PLACES: usize = 2;

async fn rig(secret: &str, timeout: Duration) -> (Simulator, MvnoClient) {
    let simulator = simulator::start(SimulatorConfig {
        kos_addr: None,
        ap_secret: SECRET.into(),
        ..SimulatorConfig::default()
    })
    .await
    .unwrap();
    let client = client(simulator.ap_url().unwrap(), secret, timeout);
    (simulator, client)
}

fn client(url: String, secret: &str, timeout: Duration) -> MvnoClient {
    let config = MvnoConfig {
        url,
        signing_secret: secret.into(),
        timeout,
        places: PLACES,
        first_retry: Duration::from_secs(1),
        longest_retry: Duration::from_secs(300),
    };
    MvnoClient::new(&config, Clock::system()).unwrap()
}

fn event(id: &str) -> OutgoingEvent {
    let body = serde_json::json!({
        "eventId": id,
        "type": "BILL_INQUIRY",
        "occurredAt": "2026-11-21T09:30:00+09:00",
        "customerId": "CUST00000001",
        "lineNumber": "01012345678",
        "result": "SUCCESS",
        "message": "조회 완료",
        "payload": {"month": "2026-11"},
    });
    OutgoingEvent {
        event_id: id.into(),
        kind: "BILL_INQUIRY".into(),
        body: body.to_string(),
    }
}

#[tokio::test]
async fn a_signed_event_is_accepted_and_a_repeated_one_again() {
    let (simulator, client) = rig(SECRET, Duration::from_secs(10)).await;
    client.deliver(&event("event-1")).await.unwrap();
    client.deliver(&event("event-1")).await.unwrap();
    let received = simulator.ledger().ap_events().unwrap();
    let duplicates: Vec<bool> = received.iter().map(|event| event.duplicate).collect();
    assert_eq!(duplicates, [false, true]);
    assert_eq!(received[0].message.as_deref(), Some("조회 완료"));
}

#[tokio::test]
async fn a_wrong_secret_is_rejected() {
    let (simulator, client) = rig("another-secret-of-one", Duration::from_secs(10)).await;
    let error = client.deliver(&event("event-1")).await.unwrap_err();
    assert!(matches!(error, DeliveryError::Rejected { status: 401, .. }));
    assert!(simulator.ledger().ap_events().unwrap().is_empty());
}

#[tokio::test]
async fn each_failure_has_its_name() {
    let (simulator, client) = rig(SECRET, Duration::from_millis(300)).await;
    for (fault, name) in [
        ("ap=error_before:503", "Rejected { status: 503"),
        ("ap=error_before:429", "Rejected { status: 429"),
        ("ap=reset", "Unavailable"),
        ("ap=lost_answer", "Unavailable"),
        ("ap=hang", "Timeout"),
    ] {
        let rule: FaultRule = fault.parse().unwrap();
        simulator.faults().set([rule]);
        let error = client.deliver(&event("event-1")).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(name), "{fault}: {error:?}");
    }
    simulator.stop().await;
    let error = client.deliver(&event("event-1")).await.unwrap_err();
    assert!(matches!(error, DeliveryError::Unavailable(_)));
    // All are counted; the one refused locally contributes no duration.
    let mut registry = Registry::default();
    client.register_metrics(&mut registry);
    let text = scrape::text(&registry);
    for line in [
        "mvno_calls_total{operation=\"result\",result=\"unavailable\"} 3",
        "mvno_call_duration_seconds_count{operation=\"result\"} 5",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

/// However many senders there are: the AP is not ours to flood.
#[tokio::test]
async fn no_more_than_there_are_places_are_under_way_and_all_arrive_in_the_end() {
    let ap = HoldingAp::start().await;
    let client = client(ap.url.clone(), SECRET, Duration::from_secs(30));
    let events: Vec<_> = (0..10).map(|n| event(&format!("event-{n}"))).collect();
    let delivered = join_all(events.iter().map(|event| client.deliver(event)));
    let (delivered, most) = tokio::join!(delivered, ap.accept_one_by_one(events.len(), PLACES));
    assert_eq!(most, PLACES);
    for delivery in delivered {
        delivery.unwrap();
    }
}
