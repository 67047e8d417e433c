//! How many deliveries are under way at once.

use super::{Rig, event, inquiry};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    holding_ap::HoldingAp,
    wait::until,
};
use server::{
    config::MvnoConfig,
    outbox::{NewEvent, RelayPace},
};
use std::time::Duration;

on_both_databases! { a_worker_delivers_no_more_lines_at_once_than_it_may_and_all_in_the_end }

/// Fewer than the client has places for, and than the classes have together, so that only the worker's own
/// bound can hold.
const AT_ONCE: usize = 3;
const OF_EACH_CLASS: usize = 5;

async fn a_worker_delivers_no_more_lines_at_once_than_it_may_and_all_in_the_end(
    database: TestDatabase,
) {
    let rig = Rig::new(database).await;
    let ap = HoldingAp::start().await;
    let each = |kind: fn(&str, &str) -> NewEvent, from: usize| {
        let lines = from..from + OF_EACH_CLASS;
        lines.map(move |n| kind(&format!("event-{n}"), &format!("0101234000{n}")))
    };
    let events: Vec<_> = each(event, 0).chain(each(inquiry, OF_EACH_CLASS)).collect();
    rig.enqueue(&events).await;
    let pace = RelayPace {
        at_once: AT_ONCE,
        ..Rig::restless()
    };
    rig.start_relay_to(&ap.url, pace).await;
    let most = ap.accept_one_by_one(events.len(), AT_ONCE).await;
    assert_eq!(most, AT_ONCE);
    until("all are delivered", async || rig.waiting().await == 0).await;
    rig.stop().await;
}

/// Otherwise a delivery would spend its own time-out waiting for a place.
#[test]
fn the_workers_together_deliver_as_many_at_once_as_there_are_places() {
    let config = |places| MvnoConfig {
        url: String::new(),
        signing_secret: String::new().into(),
        timeout: Duration::from_secs(5),
        places,
        first_retry: Duration::from_secs(1),
        longest_retry: Duration::from_secs(300),
    };
    for (places, workers, at_once) in [(8, 1, 8), (8, 2, 4), (8, 3, 2), (1, 3, 1), (8, 0, 8)] {
        let pace = RelayPace::of(&config(places), workers);
        assert_eq!(pace.at_once, at_once, "{places} places, {workers} workers");
    }
}
