//! How far delivery is behind, and what is forgotten.

use super::{LINE, OTHER_LINE, Rig, event};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use server::{
    clock::Clock,
    db::Retention,
    outbox::{RETAINED, delivered_at, lag, replay_dead},
    tasks::Tasks,
};
use std::time::Duration;

on_both_databases! {
    the_lag_is_told,
    a_dead_event_is_delivered_before_what_waits_of_its_line,
    delivered_events_are_forgotten_after_a_week_but_not_that_they_were,
    two_replicas_that_forget_at_once_keep_when_each_event_was_delivered,
}

async fn the_lag_is_told(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let db = &rig.database.db;
    assert_eq!(lag(db).await.unwrap(), server::outbox::Lag::default());
    rig.tell(&event("event-1", LINE)).await;
    rig.tell(&event("event-2", LINE)).await;
    rig.tell(&event("event-3", OTHER_LINE)).await;
    rig.database
        .execute("UPDATE outbox SET enqueued_at = enqueued_at - 90000, attempts = 7 WHERE event_id = 'event-2'")
        .await;
    rig.database
        .execute("UPDATE outbox SET state = 'DEAD' WHERE event_id = 'event-3'")
        .await;
    let behind = lag(db).await.unwrap();
    assert_eq!(
        (behind.waiting, behind.most_attempts, behind.dead),
        (2, 7, 1)
    );
    assert!(behind.oldest_age >= Duration::from_secs(90), "{behind:?}");
    rig.stop().await;
}

async fn a_dead_event_is_delivered_before_what_waits_of_its_line(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.tell(&event("dead", LINE)).await;
    rig.tell(&event("waiting", LINE)).await;
    rig.database
        .execute("UPDATE outbox SET state = 'DEAD', settled_at = 1 WHERE event_id = 'dead'")
        .await;
    let db = &rig.database.db;
    assert_eq!(replay_dead(db, Some("waiting")).await.unwrap(), 0);
    assert_eq!(replay_dead(db, Some("dead")).await.unwrap(), 1);
    rig.start_relay(Rig::pace()).await;
    until("all delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), ["dead", "waiting"]);
    rig.stop().await;
}

async fn delivered_events_are_forgotten_after_a_week_but_not_that_they_were(
    database: TestDatabase,
) {
    let rig = Rig::new(database).await;
    for n in 0..3 {
        rig.tell(&event(&format!("event-{n}"), LINE)).await;
    }
    rig.start_relay(Rig::pace()).await;
    until("all delivered", async || rig.waiting().await == 0).await;
    rig.tell(&event("dead", OTHER_LINE)).await;
    rig.database
        .execute("UPDATE outbox SET state = 'DEAD', settled_at = 1 WHERE event_id = 'dead'")
        .await;
    let db = &rig.database.db;
    let ids = ["event-0", "event-1", "dead"].map(str::to_owned);
    let before = delivered_at(db, &ids).await.unwrap();
    assert_eq!(before.len(), 2);

    let clock = Clock::manual(Clock::system().now_ms());
    let retention = Retention::new(clock.clone(), Tasks::default()).of(db, RETAINED);
    clock.advance(Duration::from_secs(6 * 86_400));
    assert_eq!(retention.run().await.unwrap(), [0]);
    clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(retention.run().await.unwrap(), [3]);
    assert_eq!(delivered_at(db, &ids).await.unwrap(), before);
    let left = rig.database.text("SELECT event_id FROM outbox").await;
    assert_eq!(left, "dead");
    rig.stop().await;
}

async fn two_replicas_that_forget_at_once_keep_when_each_event_was_delivered(
    database: TestDatabase,
) {
    let rig = Rig::new(database).await;
    let (here, there) = (&rig.database.db, rig.database.replica().await);
    let retention = |db| Retention::new(Clock::system(), Tasks::default()).of(db, RETAINED);
    for _ in 0..4 {
        rig.database
            .execute(
                "WITH RECURSIVE event (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM event WHERE n < 1600)
                 INSERT INTO outbox (event_id, kind, line_number, body, state, enqueued_at, settled_at)
                 SELECT 'event-' || (n + (SELECT COUNT(*) FROM outbox_delivered)), 'BILL_INQUIRY',
                        '01012345678', '{}', 'DELIVERED', 1, 1
                   FROM event",
            )
            .await;
        let (one, other) = (retention(here), retention(&there));
        let (one, other) = tokio::join!(one.run(), other.run());
        let (one, other) = (one.unwrap()[0], other.unwrap()[0]);
        let left = "SELECT COUNT(*) FROM outbox";
        assert_eq!(rig.database.number(left).await, 0, "{one} and {other} went");
    }
    let kept = "SELECT COUNT(*) FROM outbox_delivered";
    assert_eq!(rig.database.number(kept).await, 4 * 1_600);
    there.close().await;
    rig.stop().await;
}
