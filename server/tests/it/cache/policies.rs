//! How long each kind of KOS data is served, and which may be stale while KOS is away.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
    known_kos::KnownKos,
};
use app::model::{BillingMonth, LineNumber, Source};
use server::{clock::Clock, kos::KosFacts};
use simulator::{Capabilities, FaultRule, Operation, Simulator};
use std::time::Duration;

on_both_databases! {
    each_kind_is_served_for_as_long_as_it_is_sold_and_only_a_bill_for_longer,
    the_plan_of_this_moment_is_always_asked_for,
}

/// 2026-11-05 09:30 in Seoul: a day and a half later it is still November.
const NOW_S: i64 = 1_793_838_600;

struct Stand {
    simulator: Simulator,
    facts: KosFacts,
    clock: Clock,
}

impl Stand {
    async fn start(database: &TestDatabase) -> Self {
        let db = database.clone().migrated().await.db;
        let kos = KnownKos::start(db, NOW_S, Capabilities::default()).await;
        Self {
            simulator: kos.simulator,
            facts: kos.facts,
            clock: kos.clock,
        }
    }

    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// Moves the clock to `minutes` after the values were loaded.
    fn advance_to(&self, minutes: i64) {
        let at_ms = (NOW_S + minutes * 60) * 1_000;
        let ahead = u64::try_from(at_ms - self.clock.now_ms()).unwrap();
        self.clock.advance(Duration::from_millis(ahead));
    }

    async fn bill(&self, month: &str) -> Option<Source> {
        let month: BillingMonth = month.parse().unwrap();
        let told = self.facts.bill(&held(&line()), month).await;
        told.ok().map(|fresh| fresh.source)
    }

    /// The sources, now, of the running month's bill, a closed month's bill, the line and the price list;
    /// `None` is an error.
    async fn sources(&self) -> [Option<Source>; 4] {
        [
            self.bill("2026-11").await,
            self.bill("2026-10").await,
            self.facts
                .line(&held(&line()))
                .await
                .ok()
                .map(|it| it.source),
            self.facts.catalogue().await.ok().map(|it| it.source),
        ]
    }

    /// The calls of KOS for a bill, a line, the price list.
    fn asked(&self) -> [u64; 3] {
        let journal = self.simulator.journal();
        [Operation::Bill, Operation::Product, Operation::List].map(|it| journal.calls(it))
    }
}

fn line() -> LineNumber {
    "01012345678".parse().unwrap()
}

async fn each_kind_is_served_for_as_long_as_it_is_sold_and_only_a_bill_for_longer(
    database: TestDatabase,
) {
    let stand = Stand::start(&database).await;
    let (kos, cache, stale) = (Some(Source::Kos), Some(Source::Cache), Some(Source::Stale));
    assert_eq!(stand.sources().await, [kos; 4]);
    assert_eq!(stand.asked(), [2, 1, 1]);
    stand.faults(&["kos=refuse:9998"]);
    // The times to live are an hour, four hours and a day, each ±10 %.
    for (minutes, sources, asked) in [
        (53, [cache, cache, cache, cache], [2, 1, 1]),
        (67, [stale, stale, cache, cache], [4, 1, 1]),
        (215, [stale, stale, cache, cache], [6, 1, 1]),
        (265, [stale, stale, None, cache], [8, 2, 1]),
        (21 * 60 + 30, [stale, stale, None, cache], [10, 3, 1]),
        (26 * 60 + 30, [None, None, None, None], [12, 4, 2]),
    ] {
        stand.advance_to(minutes);
        assert_eq!(stand.sources().await, sources, "after {minutes} minutes");
        assert_eq!(stand.asked(), asked, "after {minutes} minutes");
    }
    stand.faults(&[]);
    assert_eq!(stand.sources().await, [kos; 4]);
}

/// A change needs the current plan; a cached one will not do.
async fn the_plan_of_this_moment_is_always_asked_for(database: TestDatabase) {
    let stand = Stand::start(&database).await;
    stand.facts.line(&held(&line())).await.unwrap();
    stand.facts.line_now(&held(&line())).await.unwrap();
    assert_eq!(stand.asked(), [0, 2, 0]);
    stand.faults(&["kos=refuse:9998"]);
    stand.facts.line(&held(&line())).await.unwrap();
    stand.facts.line_now(&held(&line())).await.unwrap_err();
    assert_eq!(stand.asked(), [0, 3, 0]);
}
