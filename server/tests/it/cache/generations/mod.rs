//! Generations: once customers are told "changed", no read shows the old plan, on any replica.
//!
//! The same bodies run with the product's protocol and with similar, wrong ones; those must be caught,
//! or the bodies prove nothing.

mod ahead;
mod old_dump;
mod stand;
mod walks;

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
    redis::Corner,
    wait::until,
};
use server::kos::BELIEVED;
use simulator::{
    Operation,
    fault_proxy::{Direction, Weather},
};
use stand::{Raised, Replica, Stand, TO, line};

on_both_databases! {
    in_the_process_the_old_plan_is_never_seen_again,
    in_redis_the_old_plan_is_never_seen_again_though_it_dies_meanwhile,
    in_the_process_a_slow_load_brings_nothing_back,
    in_redis_a_slow_load_brings_nothing_back,
    a_late_application_leaves_the_mark_of_an_open_change,
}

/// Both replicas know the old plan; Redis dies as the change ends and restarts with what it kept.
async fn old_plan_after_a_change(stand: &Stand, raised: Raised) -> bool {
    stand.fill().await;
    if raised == Raised::BeforeTheChange {
        stand.raise().await;
        stand.fill().await;
    }
    stand.begin(raised).await;
    stand.change().await;
    stand.replicas.iter().for_each(Replica::lose_redis);
    stand.end(raised).await;
    // Changed.
    let without = stand.shows_old().await;
    for replica in &stand.replicas {
        replica.find_redis().await;
    }
    without || stand.shows_old().await
}

/// A load that began before the change is answered after it.
async fn old_plan_of_a_slow_load(stand: &Stand, raised: Raised) -> bool {
    if raised == Raised::BeforeTheChange {
        stand.raise().await;
    }
    let slow = &stand.replicas[1];
    slow.to_kos
        .set_weather(Direction::ToClient, Weather::hole());
    stand.begin(raised).await;
    let facts = slow.facts.clone();
    let load = tokio::spawn(async move { facts.line(&held(&line())).await });
    let journal = stand.simulator.journal();
    until("KOS has answered", || async {
        journal.calls(Operation::Product) == 1
    })
    .await;
    stand.change().await;
    if raised == Raised::WithTheOutcome {
        stand.believing.advance(BELIEVED);
        stand.raise_and_release().await;
    }
    // Changed; only now does the old answer arrive.
    slow.to_kos.calm();
    let late = load.await.unwrap().unwrap();
    assert_ne!(late.value.product.code.as_str(), TO);
    stand.shows_old().await
}

/// While a change is open, an earlier one of the line turns out to be applied; pages are read between
/// that and the end.
async fn old_plan_after_a_late_application(stand: &Stand, raised: Raised) -> bool {
    stand.begin(raised).await;
    stand.believing.advance(BELIEVED);
    stand.another_applied_late(raised).await;
    stand.fill().await;
    stand.change().await;
    stand.raise_and_release().await;
    stand.shows_old().await
}

/// The protocols that the first body must catch.
const AFTER_A_CHANGE: [Raised; 4] = [
    Raised::TooSoon,
    Raised::Unannounced,
    Raised::BeforeTheChange,
    Raised::Never,
];
/// Those that the second must catch, in which no value was read before.
const OF_A_SLOW_LOAD: [Raised; 2] = [Raised::BeforeTheChange, Raised::Never];

macro_rules! only_the_product_holds {
    ($database:expr, $redis:expr, $body:ident, $alike:expr) => {
        for raised in [Raised::WithTheOutcome].into_iter().chain($alike) {
            let corner = if $redis {
                let Some(corner) = Corner::find() else { return };
                Some(corner)
            } else {
                None
            };
            let stand = Stand::start(&$database, corner.as_ref()).await;
            let seen = $body(&stand, raised).await;
            assert_eq!(seen, raised != Raised::WithTheOutcome, "{raised:?}");
        }
    };
}

async fn in_the_process_the_old_plan_is_never_seen_again(database: TestDatabase) {
    only_the_product_holds!(database, false, old_plan_after_a_change, AFTER_A_CHANGE);
}

async fn in_redis_the_old_plan_is_never_seen_again_though_it_dies_meanwhile(
    database: TestDatabase,
) {
    only_the_product_holds!(database, true, old_plan_after_a_change, AFTER_A_CHANGE);
}

async fn in_the_process_a_slow_load_brings_nothing_back(database: TestDatabase) {
    only_the_product_holds!(database, false, old_plan_of_a_slow_load, OF_A_SLOW_LOAD);
}

async fn in_redis_a_slow_load_brings_nothing_back(database: TestDatabase) {
    only_the_product_holds!(database, true, old_plan_of_a_slow_load, OF_A_SLOW_LOAD);
}

async fn a_late_application_leaves_the_mark_of_an_open_change(database: TestDatabase) {
    let body = old_plan_after_a_late_application;
    only_the_product_holds!(database, false, body, [Raised::WithAnothersMark]);
}
