//! The lag of delivery, and the retention of events.

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
    the_lag_of_a_long_outage_is_counted_to_a_bound,
    more_than_a_batch_of_dead_events_is_replayed,
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

/// That many events of one line: `$state`, recorded one millisecond after the other.
macro_rules! events {
    ($count:literal, $state:literal) => {
        concat!(
            "WITH RECURSIVE event (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM event WHERE n < ",
            $count,
            ") INSERT INTO outbox (event_id, kind, line_number, body, state, enqueued_at, settled_at)
               SELECT 'event-' || n, 'BILL_INQUIRY', '01012345678', '{}', '",
            $state,
            "', n, n FROM event"
        )
    };
}

async fn the_lag_of_a_long_outage_is_counted_to_a_bound(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.database.execute(events!("100100", "WAITING")).await;
    let young = "UPDATE outbox SET attempts = 9 WHERE event_id = 'event-99999'";
    let old = "UPDATE outbox SET attempts = 7 WHERE event_id = 'event-1'";
    rig.database.execute(young).await;
    rig.database.execute(old).await;
    let behind = lag(&rig.database.db).await.unwrap();
    assert_eq!((behind.waiting, behind.most_attempts), (100_000, 7));
    let now = Duration::from_millis(u64::try_from(Clock::system().now_ms()).unwrap());
    assert!(now - behind.oldest_age < Duration::from_secs(60));
    rig.stop().await;
}

async fn more_than_a_batch_of_dead_events_is_replayed(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.database.execute(events!("1200", "DEAD")).await;
    assert_eq!(replay_dead(&rig.database.db, None).await.unwrap(), 1_200);
    assert_eq!(rig.waiting().await, 1_200);
    let due = "SELECT COUNT(*) FROM outbox_line WHERE due_at IS NOT NULL";
    assert_eq!(rig.database.number(due).await, 1);
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
