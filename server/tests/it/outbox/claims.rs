//! Who may deliver what, when several workers look.

use super::{LINE, OTHER_LINE, Rig, event};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use server::{
    db::DbError,
    outbox::{RelayPace, enqueue},
};
use std::time::Duration;

on_both_databases! {
    an_event_of_a_dead_worker_is_taken_over,
    an_event_somebody_holds_keeps_its_line_waiting,
    healthy_replicas_deliver_each_event_once,
    the_same_event_is_recorded_once,
}

async fn an_event_of_a_dead_worker_is_taken_over(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.tell(&event("event-1", LINE)).await;
    // As a worker leaves it that died between claim and delivery.
    rig.database
        .execute("UPDATE outbox SET lease = 'dead', lease_until = 1, attempts = 1")
        .await;
    rig.start_relay(Rig::pace()).await;
    until("delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), ["event-1"]);
    rig.stop().await;
}

async fn an_event_somebody_holds_keeps_its_line_waiting(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.tell(&event("held", LINE)).await;
    rig.database
        .execute("UPDATE outbox SET lease = 'alive', lease_until = 9000000000000")
        .await;
    rig.tell(&event("behind", LINE)).await;
    rig.tell(&event("other", OTHER_LINE)).await;
    rig.start_relay(Rig::pace()).await;
    until("two wait", async || rig.waiting().await == 2).await;
    assert!(rig.received_of(LINE).is_empty());
    assert_eq!(rig.received_of(OTHER_LINE), ["other"]);
    rig.stop().await;
}

async fn healthy_replicas_deliver_each_event_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    for _ in 0..3 {
        rig.start_relay(RelayPace {
            poll: Duration::from_millis(5),
            ..Rig::pace()
        })
        .await;
    }
    for n in 0..30 {
        let line = format!("0101234{:04}", n % 7 + 1);
        rig.tell(&event(&format!("event-{n}"), &line)).await;
    }
    until("all delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received().len(), 30);
    assert!(rig.received().iter().all(|event| !event.duplicate));
    rig.stop().await;
}

async fn the_same_event_is_recorded_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.tell(&event("event-1", LINE)).await;
    let mut tx = rig.database.db.begin_write().await.unwrap();
    let again = enqueue(&mut tx, &event("event-1", LINE)).await;
    assert!(matches!(again, Err(DbError::Unique(_))));
    drop(tx);
    assert_eq!(rig.waiting().await, 1);
    rig.stop().await;
}
