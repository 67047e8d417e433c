//! Retention of answers by key: old ones are deleted, nothing else.

use super::{Stand, TO, demo01, impatient};
use crate::support::backends::{TestDatabase, on_both_databases};
use server::{clock::Clock, db::Retention, product::RETAINED, tasks::Tasks};
use simulator::Capabilities;
use std::time::Duration;

on_both_databases! {
    answers_are_kept_three_days_and_then_forgotten,
    the_answer_of_an_open_change_is_kept,
}

const HOUR: Duration = Duration::from_secs(3_600);

fn retention(stand: &Stand, clock: &Clock) -> Retention {
    Retention::new(clock.clone(), Tasks::default()).of(&stand.database.db, RETAINED)
}

async fn answers_are_kept_three_days_and_then_forgotten(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let clock = Clock::manual(Clock::system().now_ms());
    let first = replica.request(&who, "key-0001", TO).await;
    let retention = retention(&stand, &clock);
    clock.advance(72 * HOUR);
    assert_eq!(retention.run().await.unwrap(), [0]);
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(super::bytes(&again), super::bytes(&first));
    clock.advance(2 * HOUR);
    assert_eq!(retention.run().await.unwrap(), [1]);
    // The change and its history stay, and the line is not changed again.
    let again = replica.request(&who, "key-0001", TO).await;
    assert!(again.is_err(), "{again:?}");
    assert_eq!(stand.sent_and_applied(), (1, 1));
    let events = "SELECT COUNT(*) FROM product_history";
    assert_eq!(stand.database.number(events).await, 1);
    stand.stop().await;
}

async fn the_answer_of_an_open_change_is_kept(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    let clock = Clock::manual(Clock::system().now_ms());
    stand.faults(&["kos.change=lost_answer"]);
    let pending = replica.request(&who, "key-0001", TO).await;
    clock.advance(24 * 30 * HOUR);
    assert_eq!(retention(&stand, &clock).run().await.unwrap(), [0]);
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(super::bytes(&again), super::bytes(&pending));
    stand.stop().await;
}
