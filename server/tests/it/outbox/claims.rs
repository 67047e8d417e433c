//! Claims: which worker may deliver what.

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
use tokio::time::timeout;

on_both_databases! {
    an_event_of_a_dead_worker_is_taken_over,
    an_event_somebody_holds_keeps_its_line_waiting,
    healthy_replicas_deliver_each_event_once,
    the_same_event_is_recorded_once,
    who_lost_the_lease_changes_nothing,
    what_comes_while_its_line_is_delivered_is_not_forgotten,
    a_line_is_given_back_in_the_middle_at_shutdown,
    no_line_stays_leased_at_shutdown_while_the_receiver_hangs,
}

async fn an_event_of_a_dead_worker_is_taken_over(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.tell(&event("event-1", LINE)).await;
    // As left by a worker that died between claim and delivery.
    rig.database
        .execute("UPDATE outbox_line SET lease = 'dead', due_at = 1")
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
        .execute("UPDATE outbox_line SET lease = 'alive', due_at = 9000000000000")
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

async fn who_lost_the_lease_changes_nothing(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:300"]);
    rig.tell(&event("event-1", LINE)).await;
    rig.start_relay(RelayPace {
        poll: Duration::from_secs(3_600),
        ..Rig::pace()
    })
    .await;
    until("it is on its way", async || rig.requests() == 1).await;
    rig.database
        .execute("UPDATE outbox_line SET lease = 'thief', due_at = 9000000000000")
        .await;
    until("it has arrived", async || rig.received().len() == 1).await;
    rig.tasks.drain().await;
    assert_eq!(rig.waiting().await, 1);
    let holder = "SELECT lease FROM outbox_line";
    assert_eq!(rig.database.text(holder).await, "thief");
}

/// A line becomes idle only if nothing was enqueued since it was claimed.
async fn what_comes_while_its_line_is_delivered_is_not_forgotten(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:200*1"]);
    rig.start_relay(RelayPace {
        poll: Duration::from_secs(3_600),
        ..Rig::pace()
    })
    .await;
    rig.tell(&event("event-1", LINE)).await;
    until("it is on its way", async || rig.requests() == 1).await;
    // Committed, without a ring of the bell.
    rig.enqueue(&[event("event-2", LINE)]).await;
    until("both are delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), ["event-1", "event-2"]);
    rig.stop().await;
}

async fn a_line_is_given_back_in_the_middle_at_shutdown(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:20"]);
    let told: Vec<_> = (0..30)
        .map(|n| event(&format!("event-{n:02}"), LINE))
        .collect();
    rig.enqueue(&told).await;
    rig.start_relay(Rig::pace()).await;
    until("some arrived", async || rig.received().len() >= 3).await;
    rig.tasks.drain().await;
    let received = rig.received().len();
    assert!(received < 30);
    assert_eq!(rig.waiting().await, 30 - i64::try_from(received).unwrap());
    let free = "SELECT COUNT(*) FROM outbox_line WHERE lease IS NULL AND due_at IS NOT NULL";
    assert_eq!(rig.database.number(free).await, 1);
}

/// What waits for its turn is given back without its delivery, what is on its way as a failure.
async fn no_line_stays_leased_at_shutdown_while_the_receiver_hangs(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=hang"]);
    for n in 1..=4 {
        rig.tell(&event(&format!("event-{n}"), &format!("0101234000{n}")))
            .await;
    }
    let pace = RelayPace {
        at_once: 2,
        finish: Duration::from_millis(100),
        ..Rig::pace()
    };
    rig.start_relay(pace).await;
    until("two are on their way", async || rig.requests() == 2).await;
    let bounded = Duration::from_secs(2);
    timeout(bounded, rig.tasks.drain()).await.unwrap();
    let leased = "SELECT COUNT(*) FROM outbox_line WHERE lease IS NOT NULL";
    assert_eq!(rig.database.number(leased).await, 0);
    let due = "SELECT COUNT(*) FROM outbox_line WHERE due_at IS NOT NULL";
    assert_eq!(rig.database.number(due).await, 4);
    let tried = "SELECT COUNT(*) FROM outbox WHERE attempts = 1 AND state = 'WAITING'";
    assert_eq!(rig.database.number(tried).await, 2);
}
