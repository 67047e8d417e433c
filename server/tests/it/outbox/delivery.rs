//! Delivery as the AP server sees it.

use super::{LINE, OTHER_LINE, Rig, event};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use serde_json::json;
use server::outbox::{
    Backoff, EventKind, RelayPace, StoredEvent, delivered_at, enqueue, enqueue_all,
};
use std::time::Duration;

on_both_databases! {
    an_event_arrives_signed_and_as_it_was_written,
    the_order_of_a_line_survives_failures,
    lost_answers_are_repeated_under_the_same_id_with_the_same_bytes,
    an_ap_that_was_away_gets_everything_once_it_is_back,
    a_poisoned_event_stops_its_own_line_only,
    a_line_that_pauses_is_not_even_looked_at,
    what_cannot_be_delivered_is_buried_and_its_line_goes_on,
    the_bell_wakes_the_relay,
    a_rolled_back_event_is_never_told,
}

async fn an_event_arrives_signed_and_as_it_was_written(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.start_relay(Rig::pace()).await;
    rig.tell(&event("event-1", LINE)).await;
    until("delivered", async || rig.waiting().await == 0).await;
    let [received] = rig.received().try_into().unwrap();
    assert_eq!(received.event_id, "event-1");
    assert_eq!(received.kind, "PRODUCT_CHANGE");
    assert_eq!(received.occurred_at, "2026-11-21T09:30:00+09:00");
    assert_eq!(received.customer_id, "CUST00000001");
    assert_eq!(received.line_number.as_str(), LINE);
    assert_eq!(received.result, "SUCCESS");
    assert_eq!(
        received.message.as_deref(),
        Some("상품 변경이 완료되었습니다")
    );
    assert_eq!(
        received.payload,
        json!({"requestId": "CHG-1", "to": {"code": "LTE-BASIC-001"}})
    );
    let ids = ["event-1".to_owned(), "event-2".to_owned()];
    let delivered = delivered_at(&rig.database.db, &ids).await.unwrap();
    assert!(delivered.contains_key("event-1") && delivered.len() == 1);
    rig.stop().await;
}

async fn the_order_of_a_line_survives_failures(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=error_before:500%40~3", "ap=lost_answer%30~5"]);
    let told: Vec<String> = (0..12).map(|n| format!("event-{n:02}")).collect();
    for (n, id) in told.iter().enumerate() {
        let line = if n % 3 == 0 { OTHER_LINE } else { LINE };
        rig.tell(&event(id, line)).await;
    }
    // Two replicas compete for the same events.
    rig.start_relay(Rig::pace()).await;
    rig.start_relay(Rig::pace()).await;
    until("all delivered", async || rig.waiting().await == 0).await;
    let of = |other: bool| -> Vec<String> {
        let told = told.iter().enumerate();
        told.filter(|(n, _)| (n % 3 == 0) == other)
            .map(|(_, id)| id.clone())
            .collect()
    };
    assert_eq!(rig.received_of(LINE), of(false));
    assert_eq!(rig.received_of(OTHER_LINE), of(true));
    rig.stop().await;
}

async fn lost_answers_are_repeated_under_the_same_id_with_the_same_bytes(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=lost_answer*2"]);
    rig.start_relay(Rig::pace()).await;
    rig.tell(&event("event-1", LINE)).await;
    until("delivered", async || rig.waiting().await == 0).await;
    let duplicates: Vec<_> = rig.received().iter().map(|event| event.duplicate).collect();
    assert_eq!(duplicates, [false, true, true]);
    let mut requests = rig.simulator.journal().requests();
    assert_eq!(requests.len(), 3);
    requests.dedup_by(|a, b| a.body == b.body);
    assert_eq!(requests.len(), 1);
    rig.stop().await;
}

async fn an_ap_that_was_away_gets_everything_once_it_is_back(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=reset"]);
    rig.start_relay(Rig::pace()).await;
    for n in 0..5 {
        rig.tell(&event(&format!("event-{n}"), LINE)).await;
    }
    until("it was tried", async || rig.requests() > 1).await;
    assert!(rig.received().is_empty());
    rig.faults(&[]);
    until("all delivered", async || rig.waiting().await == 0).await;
    assert_eq!(
        rig.received_of(LINE),
        ["event-0", "event-1", "event-2", "event-3", "event-4"]
    );
    rig.stop().await;
}

async fn a_poisoned_event_stops_its_own_line_only(database: TestDatabase) {
    let rig = Rig::new(database).await;
    // The first call is the poisoned one, and its retry pause is longer than the test.
    rig.faults(&["ap=refuse:422*1"]);
    let patient = RelayPace {
        at_once: 1,
        backoff: Backoff {
            first: Duration::from_secs(100_000),
            longest: Duration::from_secs(100_000),
        },
        ..Rig::pace()
    };
    for (id, line) in [
        ("poison", LINE),
        ("behind", LINE),
        ("other-1", OTHER_LINE),
        ("other-2", OTHER_LINE),
    ] {
        rig.tell(&event(id, line)).await;
    }
    rig.start_relay(patient).await;
    until("two wait", async || rig.waiting().await == 2).await;
    assert_eq!(rig.received_of(OTHER_LINE), ["other-1", "other-2"]);
    assert!(rig.received_of(LINE).is_empty());
    rig.stop().await;
}

/// Otherwise each poll would read everything that piles up while the AP is away.
async fn a_line_that_pauses_is_not_even_looked_at(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=refuse:422"]);
    for n in 0..3 {
        rig.tell(&event(&format!("event-{n}"), LINE)).await;
    }
    let patient = RelayPace {
        backoff: Backoff {
            first: Duration::from_secs(100_000),
            longest: Duration::from_secs(100_000),
        },
        ..Rig::pace()
    };
    rig.start_relay(patient).await;
    let looked_at = async || {
        let due = "SELECT COUNT(*) FROM outbox_line
                    WHERE lease IS NOT NULL
                       OR due_at < (SELECT MAX(enqueued_at) + 60000 FROM outbox)";
        rig.database.number(due).await
    };
    until("the line pauses", async || looked_at().await == 0).await;
    rig.tell(&event("event-3", LINE)).await;
    let mut tx = rig.database.db.begin_write().await.unwrap();
    let stored = StoredEvent {
        event_id: "event-4",
        kind: EventKind::ProductChange,
        line_number: LINE,
        body: "{}",
    };
    enqueue_all(&mut tx, &[stored]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((looked_at().await, rig.waiting().await), (0, 5));
    rig.tell(&event("event-5", OTHER_LINE)).await;
    until("another line is tried", async || rig.requests() == 2).await;
    rig.stop().await;
}

async fn what_cannot_be_delivered_is_buried_and_its_line_goes_on(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=refuse:422*1"]);
    rig.tell(&event("poison", LINE)).await;
    rig.tell(&event("behind", LINE)).await;
    rig.start_relay(RelayPace {
        bury_after: Duration::ZERO,
        ..Rig::pace()
    })
    .await;
    until("none waits", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), ["behind"]);
    let dead = rig
        .database
        .text("SELECT event_id FROM outbox WHERE state = 'DEAD'")
        .await;
    assert_eq!(dead, "poison");
    rig.stop().await;
}

async fn the_bell_wakes_the_relay(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.start_relay(RelayPace {
        poll: Duration::from_secs(3_600),
        ..Rig::pace()
    })
    .await;
    for n in 0..3 {
        let id = format!("event-{n}");
        rig.tell(&event(&id, LINE)).await;
        until("delivered", async || rig.received_of(LINE).contains(&id)).await;
    }
    rig.stop().await;
}

async fn a_rolled_back_event_is_never_told(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let mut tx = rig.database.db.begin_write().await.unwrap();
    enqueue(&mut tx, &event("undone", LINE)).await.unwrap();
    drop(tx);
    rig.tell(&event("done", LINE)).await;
    rig.start_relay(Rig::pace()).await;
    until("delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), ["done"]);
    rig.stop().await;
}
