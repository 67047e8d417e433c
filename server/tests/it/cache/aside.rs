//! Cache-aside: one load for all readers, no outdated value kept, a marked copy in an outage.

use crate::support::wait::until;
use app::model::Source;
use server::{
    cache::{Cache, CacheAside, Fresh, MemoryCache, Policy},
    clock::Clock,
    ids::Ids,
    tasks::{Panicked, Tasks},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    Away,
    Refused,
    Panicked,
}

impl From<Panicked> for Error {
    fn from(_: Panicked) -> Self {
        Self::Panicked
    }
}

pub type Aside = CacheAside<String, Error>;

pub struct Stand {
    cache: Arc<MemoryCache>,
    pub clock: Clock,
    near_for: Duration,
    loads: Arc<AtomicU32>,
}

impl Stand {
    pub fn new() -> Self {
        let clock = Clock::manual(1_800_000_000_000);
        Self {
            cache: Arc::new(MemoryCache::new(1_000, clock.clone())),
            clock,
            near_for: Duration::ZERO,
            loads: Arc::default(),
        }
    }

    pub fn aside(&self) -> Aside {
        aside(self.cache.clone(), self.near_for, &self.clock)
    }

    /// A counted load with the given answer.
    pub fn load(
        &self,
        answer: Result<&'static str, Error>,
    ) -> impl Fn() -> std::future::Ready<Result<String, Error>> + Clone + Send + 'static {
        let loads = self.loads.clone();
        move || {
            loads.fetch_add(1, Ordering::SeqCst);
            std::future::ready(answer.clone().map(ToOwned::to_owned))
        }
    }

    /// A load that is counted at its start, waits for the gate, then answers.
    fn gated(
        &self,
        gate: &Arc<Notify>,
        answer: Result<&'static str, Error>,
    ) -> impl Fn() -> futures::future::BoxFuture<'static, Result<String, Error>> + Clone + Send + use<>
    {
        let (loads, gate) = (self.loads.clone(), gate.clone());
        move || {
            loads.fetch_add(1, Ordering::SeqCst);
            let (gate, answer) = (gate.clone(), answer.clone());
            Box::pin(async move {
                gate.notified().await;
                answer.map(ToOwned::to_owned)
            })
        }
    }

    fn loads(&self) -> u32 {
        self.loads.load(Ordering::SeqCst)
    }
}

/// A replica over the given cache.
pub fn aside(cache: Arc<dyn Cache>, near_for: Duration, clock: &Clock) -> Aside {
    let policy = Policy {
        ttl: HOUR,
        stale_for: DAY,
        near_for,
        away: |error| *error == Error::Away,
    };
    let ids = Ids::seeded(7, clock.clone());
    CacheAside::new(cache, policy, clock.clone(), ids, Tasks::default())
}

fn is(outcome: Result<Fresh<String>, Error>, value: &str, source: Source) -> i64 {
    let fresh = outcome.unwrap();
    assert_eq!((fresh.value.as_str(), fresh.source), (value, source));
    fresh.as_of_ms
}

#[tokio::test]
async fn a_value_is_asked_for_once_an_hour() {
    let stand = Stand::new();
    let aside = stand.aside();
    let first = aside.get_or_load("key", "me", stand.load(Ok("one"))).await;
    let asked = is(first, "one", Source::Kos);
    stand.clock.advance(Duration::from_secs(53 * 60));
    let second = aside.get_or_load("key", "me", stand.load(Ok("two"))).await;
    assert_eq!(is(second, "one", Source::Cache), asked);
    // 66 minutes in all: past the longest jitter.
    stand.clock.advance(Duration::from_secs(13 * 60));
    let third = aside.get_or_load("key", "me", stand.load(Ok("two"))).await;
    assert!(is(third, "two", Source::Kos) > asked);
    assert_eq!(stand.loads(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_cold_readers_ask_once() {
    let stand = Stand::new();
    let aside = stand.aside();
    let gate = Arc::new(Notify::new());
    let readers: Vec<_> = (0..100)
        .map(|_| {
            let (aside, load) = (aside.clone(), stand.gated(&gate, Ok("bill")));
            tokio::spawn(async move { aside.get_or_load("key", "me", load).await })
        })
        .collect();
    until("a load starts", || async { stand.loads() > 0 }).await;
    gate.notify_one();
    for reader in readers {
        assert_eq!(*reader.await.unwrap().unwrap().value, "bill");
    }
    assert_eq!(stand.loads(), 1);
}

#[tokio::test]
async fn a_failure_reaches_everybody_who_waits_and_nobody_later() {
    let stand = Stand::new();
    let aside = stand.aside();
    let gate = Arc::new(Notify::new());
    let wait = || aside.get_or_load("key", "me", stand.gated(&gate, Err(Error::Refused)));
    let (one, two, ()) = tokio::join!(wait(), wait(), async {
        until("a load starts", || async { stand.loads() > 0 }).await;
        gate.notify_one();
    });
    assert_eq!((one, two), (Err(Error::Refused), Err(Error::Refused)));
    assert_eq!(stand.loads(), 1);
    let next = aside.get_or_load("key", "me", stand.load(Ok("bill"))).await;
    is(next, "bill", Source::Kos);
}

#[tokio::test]
async fn a_leader_who_leaves_takes_nothing_along() {
    let stand = Stand::new();
    let aside = stand.aside();
    let gate = Arc::new(Notify::new());
    let spawn = || {
        let (aside, load) = (aside.clone(), stand.gated(&gate, Ok("bill")));
        tokio::spawn(async move { aside.get_or_load("key", "me", load).await })
    };
    let leader = spawn();
    until("the leader asks", || async { stand.loads() == 1 }).await;
    let waiter = spawn();
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    gate.notify_one();
    is(waiter.await.unwrap(), "bill", Source::Kos);
    assert_eq!(stand.loads(), 1);
}

#[tokio::test]
async fn a_load_that_panics_is_tried_again_and_hangs_nobody() {
    let stand = Stand::new();
    let aside = stand.aside();
    let loads = stand.loads.clone();
    let load = move || {
        let before = loads.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(before > 0, "the first load panics");
            Ok("bill".to_owned())
        }
    };
    is(
        aside.get_or_load("key", "me", load).await,
        "bill",
        Source::Kos,
    );

    let always = || async { panic!("every load panics") };
    let outcome = aside.get_or_load("other", "me", always).await;
    assert_eq!(outcome, Err(Error::Panicked));
}

#[tokio::test]
async fn an_outage_is_bridged_for_a_day_and_marked() {
    let stand = Stand::new();
    let aside = stand.aside();
    let asked = is(
        aside.get_or_load("key", "me", stand.load(Ok("bill"))).await,
        "bill",
        Source::Kos,
    );
    stand.clock.advance(HOUR * 2);
    let refused = aside.get_or_load("key", "me", stand.load(Err(Error::Refused)));
    assert_eq!(refused.await, Err(Error::Refused));
    stand.clock.advance(HOUR * 21);
    let away = aside.get_or_load("key", "me", stand.load(Err(Error::Away)));
    assert_eq!(is(away.await, "bill", Source::Stale), asked);
    stand.clock.advance(HOUR);
    let away = aside.get_or_load("key", "me", stand.load(Err(Error::Away)));
    assert_eq!(away.await, Err(Error::Away));
}

#[tokio::test]
async fn what_was_forgotten_while_it_was_loaded_is_not_kept() {
    let stand = Stand::new();
    let aside = stand.aside();
    let gate = Arc::new(Notify::new());
    let (old, ()) = tokio::join!(
        aside.get_or_load("key", "me", stand.gated(&gate, Ok("old plan"))),
        async {
            until("the old plan is asked for", || async { stand.loads() == 1 }).await;
            aside.forget("key").await;
            let new = aside.get_or_load("key", "me", stand.load(Ok("new plan")));
            is(new.await, "new plan", Source::Kos);
            gate.notify_one();
        }
    );
    is(old, "old plan", Source::Kos);
    let next = aside.get_or_load("key", "me", stand.load(Ok("newest")));
    assert_eq!(*next.await.unwrap().value, "new plan");
}

#[tokio::test]
async fn a_value_of_somebody_else_or_broken_is_a_miss() {
    let stand = Stand::new();
    let aside = stand.aside();
    let mine = aside.get_or_load("key", "me", stand.load(Ok("mine"))).await;
    is(mine, "mine", Source::Kos);
    let yours = aside
        .get_or_load("key", "you", stand.load(Ok("yours")))
        .await;
    is(yours, "yours", Source::Kos);
    stand.cache.put("key", b"{\"version\":1}", HOUR).await;
    let again = aside
        .get_or_load("key", "me", stand.load(Ok("again")))
        .await;
    is(again, "again", Source::Kos);
}

#[tokio::test]
async fn what_is_near_outlives_its_place_in_the_cache_for_a_moment_only() {
    let stand = Stand {
        near_for: Duration::from_secs(60),
        ..Stand::new()
    };
    let aside = stand.aside();
    let one = aside.get_or_load("key", "me", stand.load(Ok("one"))).await;
    is(one, "one", Source::Kos);
    let from_cache = aside.get_or_load("key", "me", stand.load(Ok("two"))).await;
    is(from_cache, "one", Source::Cache);
    stand.cache.remove("key").await;
    let near = aside.get_or_load("key", "me", stand.load(Ok("two"))).await;
    is(near, "one", Source::Cache);
    stand.clock.advance(Duration::from_secs(60));
    let asked = aside.get_or_load("key", "me", stand.load(Ok("two"))).await;
    is(asked, "two", Source::Kos);
    is(
        aside
            .get_or_load("key", "me", stand.load(Ok("three")))
            .await,
        "two",
        Source::Cache,
    );
    aside.forget("key").await;
    let forgotten = aside
        .get_or_load("key", "me", stand.load(Ok("three")))
        .await;
    is(forgotten, "three", Source::Kos);
}
