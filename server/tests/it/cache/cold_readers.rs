//! Cold readers: three replicas, a thousand readers of whom some leave, and loads that die. Each
//! replica asks once, and once more per dead load; every reader who stays is answered.

use super::aside::{Aside, Error, aside};
use crate::support::redis::Corner;
use futures::future::{BoxFuture, join_all};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{task::yield_now, time::timeout};

const ROUNDS: u32 = 500;
const REPLICAS: usize = 3;
const READERS: usize = 1_000;
/// Time limit of a wait, for a busy machine.
const HANGS: Duration = Duration::from_secs(30);
const SEED: u64 = 7;

/// The events of the rounds: the same for a seed, except for races.
#[derive(Clone)]
struct Fate(Arc<Mutex<StdRng>>);

impl Fate {
    fn one_in(&self, many: u32) -> bool {
        self.0.lock().unwrap().random_range(0..many) == 0
    }

    /// Yields to other tasks a few times.
    async fn pause(&self) {
        let turns = self.0.lock().unwrap().random_range(0..20);
        for _ in 0..turns {
            yield_now().await;
        }
    }
}

/// The source that one replica asks in one round.
#[derive(Clone, Default)]
struct Source {
    asked: Arc<AtomicU32>,
    died: Arc<AtomicU32>,
}

impl Source {
    fn load(
        &self,
        fate: &Fate,
    ) -> impl Fn() -> BoxFuture<'static, Result<String, Error>> + Clone + Send + use<> {
        let (source, fate) = (self.clone(), fate.clone());
        move || {
            let (source, fate) = (source.clone(), fate.clone());
            source.asked.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                fate.pause().await;
                if fate.one_in(20) {
                    source.died.fetch_add(1, Ordering::SeqCst);
                    panic!("a planted panic");
                }
                Ok("bill".to_owned())
            })
        }
    }
}

/// `None`: the reader left.
async fn read(
    aside: Aside,
    key: String,
    source: Source,
    fate: Fate,
) -> Option<Result<String, Error>> {
    let load = source.load(&fate);
    let leaves = fate.one_in(5);
    let answer = aside.get_or_load(&key, "me", load);
    let outcome = if leaves {
        tokio::select! {
            biased;
            () = fate.pause() => return None,
            outcome = answer => outcome,
        }
    } else {
        answer.await
    };
    Some(outcome.map(|fresh| Arc::unwrap_or_clone(fresh.value)))
}

type Caches = [Arc<dyn Cache>; REPLICAS];

/// A cache in each process.
fn in_process() -> Caches {
    std::array::from_fn(|_| Arc::new(MemoryCache::new(1_000, Clock::system())) as _)
}

/// Three connections to one Redis; `None`, after saying so, if the tests run without Redis.
async fn over_one_redis() -> Option<Caches> {
    let corner = Corner::find()?;
    Some([
        Arc::new(corner.cache().await),
        Arc::new(corner.cache().await),
        Arc::new(corner.cache().await),
    ])
}

/// Whether any replica asked more often than allowed.
async fn somebody_asks_too_often(rounds: u32, caches: Caches, flights_are_shared: bool) -> bool {
    let fate = Fate(Arc::new(Mutex::new(StdRng::seed_from_u64(SEED))));
    let clock = Clock::system();
    let replica_of = |cache: &Arc<dyn Cache>| aside(cache.clone(), Duration::ZERO, &clock);
    let replicas = caches.each_ref().map(replica_of);
    let mut too_often = false;
    for round in 0..rounds {
        let sources: [Source; REPLICAS] = Default::default();
        let readers = (0..READERS).map(|reader| {
            let replica = reader % REPLICAS;
            let aside = if flights_are_shared {
                replicas[replica].clone()
            } else {
                replica_of(&caches[replica])
            };
            let (key, source) = (format!("key {round}"), sources[replica].clone());
            tokio::spawn(read(aside, key, source, fate.clone()))
        });
        let Ok(answers) = timeout(HANGS, join_all(readers)).await else {
            panic!("round {round}: a reader waits for ever");
        };
        for (reader, answer) in answers.into_iter().enumerate() {
            let died = sources[reader % REPLICAS].died.load(Ordering::SeqCst);
            match answer.unwrap() {
                None => {}
                Some(Ok(value)) => assert_eq!(value, "bill"),
                Some(Err(error)) => {
                    assert_eq!(error, Error::Panicked);
                    assert!(died >= 2, "round {round}: refused after {died} deaths");
                }
            }
        }
        too_often |= sources.iter().any(|source| {
            let died = source.died.load(Ordering::SeqCst);
            source.asked.load(Ordering::SeqCst) > 1 + died
        });
    }
    too_often
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_replica_asks_once_and_once_more_for_each_load_that_dies() {
    assert!(!somebody_asks_too_often(ROUNDS, in_process(), true).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_one_redis_no_replica_asks_more_often() {
    let Some(caches) = over_one_redis().await else {
        return;
    };
    assert!(!somebody_asks_too_often(ROUNDS, caches, true).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_who_share_no_flight_are_found_out() {
    // If the first load of a round is quick, no second one is needed.
    assert!(somebody_asks_too_often(30, in_process(), false).await);
    if let Some(caches) = over_one_redis().await {
        assert!(somebody_asks_too_often(30, caches, false).await);
    }
}
