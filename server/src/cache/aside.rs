//! Cache-aside: look in the cache, else load once for all waiters, and keep the value.

use super::{
    Cache,
    envelope::{self, Opened},
    flight::{Flight, Flights, Landing, Outcome},
    kind_of,
    near::NearCache,
};
use crate::{
    clock::{Clock, millis},
    ids::Ids,
    metrics::Lookup,
    tasks::{Panicked, Tasks},
};
use app::model::Source;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// A value and how old it is; clones share it.
#[derive(Debug, PartialEq)]
pub struct Fresh<T> {
    pub value: Arc<T>,
    pub source: Source,
    /// When the source returned it, epoch milliseconds.
    pub as_of_ms: i64,
}

/// How long values of one kind live, and what happens when their source is away.
#[derive(Clone, Copy)]
pub struct Policy<E> {
    /// Served without asking for this long, ±10 % so that values do not expire together.
    pub ttl: Duration,
    /// Kept for this long in all, to be served marked `STALE` while the source is away; at most
    /// `ttl` means never.
    pub stale_for: Duration,
    /// Served by this process alone for this long, whatever happens to it in the cache; zero means
    /// never.
    pub near_for: Duration,
    /// Whether the error means that the source is away, rather than a refusal.
    pub away: fn(&E) -> bool,
}

/// A cache of one kind of value in front of its source.
///
/// One load runs per key and replica, in a task of its own. A caller may stop waiting; an error
/// reaches everybody who waits and nobody later, because failures are never kept.
pub struct CacheAside<T, E> {
    cache: Arc<dyn Cache>,
    near: Arc<NearCache<T>>,
    flights: Arc<Flights<T, E>>,
    policy: Policy<E>,
    clock: Clock,
    ids: Ids,
    tasks: Tasks,
}

impl<T> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            ..*self
        }
    }
}

impl<T, E> CacheAside<T, E>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    E: From<Panicked> + Clone + Send + Sync + 'static,
{
    pub fn new(
        cache: Arc<dyn Cache>,
        policy: Policy<E>,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        Self {
            cache,
            near: Arc::new(NearCache::new(policy.near_for, clock.clone())),
            flights: Arc::new(Flights::default()),
            policy,
            clock,
            ids,
            tasks,
        }
    }

    /// The value under `key`. `owner` is stored with it; an entry of another owner is a miss.
    ///
    /// # Errors
    /// What `load` answered, when there is nothing to serve instead.
    pub async fn get_or_load<F, L>(&self, key: &str, owner: &str, load: F) -> Outcome<T, E>
    where
        F: Fn() -> L + Clone + Send + 'static,
        L: Future<Output = Result<T, E>> + Send + 'static,
    {
        let (kind, metrics) = (kind_of(key), self.cache.metrics());
        let near = self.near.find(key, owner);
        let hit = match near.and_then(|kept| self.fresh(kept)) {
            Some(hit) => Some(hit),
            // Boxed, like the load: a near hit does not carry their size.
            None => Box::pin(self.look_far(key, owner)).await,
        };
        if let Some(hit) = hit {
            metrics.looked(kind, Lookup::Hit);
            return Ok(hit);
        }
        let outcome = {
            let _waiting = metrics.waiting(kind);
            Box::pin(self.load(key, owner, load)).await
        };
        let source = outcome.as_ref().map(|fresh| fresh.source);
        metrics.looked(
            kind,
            match source {
                Ok(Source::Cache) => Lookup::Hit,
                Ok(Source::Stale) => Lookup::Stale,
                Ok(Source::Kos) | Err(_) => Lookup::Miss,
            },
        );
        outcome
    }

    async fn load<F, L>(&self, key: &str, owner: &str, load: F) -> Outcome<T, E>
    where
        F: Fn() -> L + Clone + Send + 'static,
        L: Future<Output = Result<T, E>> + Send + 'static,
    {
        // A load that panicked sent nothing: one of the waiters starts another.
        for _ in 0..2 {
            let mut outcome = self.join(key, owner, load.clone());
            if let Ok(told) = outcome.wait_for(Option::is_some).await
                && let Some(outcome) = told.clone()
            {
                return outcome;
            }
        }
        Err(Panicked.into())
    }

    /// Forgets the value, including one that is being loaded.
    pub async fn forget(&self, key: &str) {
        if let Some(flight) = self.flights.lock().remove(key) {
            flight.forgotten.store(true, Ordering::SeqCst);
        }
        self.cache.remove(key).await;
        self.near.forget(key);
    }

    /// Joins the running load of that key, or starts it.
    fn join<F, L>(&self, key: &str, owner: &str, load: F) -> watch::Receiver<Option<Outcome<T, E>>>
    where
        F: Fn() -> L + Send + 'static,
        L: Future<Output = Result<T, E>> + Send + 'static,
    {
        let mut flights = self.flights.lock();
        if let Some(flight) = flights.get(key) {
            return flight.outcome.clone();
        }
        let (tell, outcome) = watch::channel(None);
        let forgotten = Arc::new(AtomicBool::new(false));
        flights.insert(
            key.to_owned(),
            Flight {
                outcome: outcome.clone(),
                forgotten: forgotten.clone(),
            },
        );
        let landing = Landing {
            flights: self.flights.clone(),
            key: key.to_owned(),
            forgotten,
        };
        let aside = self.clone();
        let owner = owner.to_owned();
        self.tasks.start(async move {
            let outcome = aside.fly(&landing, &owner, load).await;
            // Removed before the waiters hear: the next caller looks in the cache again.
            drop(landing);
            tell.send_replace(Some(outcome));
        });
        outcome
    }

    async fn fly<F, L>(&self, landing: &Landing<T, E>, owner: &str, load: F) -> Outcome<T, E>
    where
        F: Fn() -> L + Send + 'static,
        L: Future<Output = Result<T, E>> + Send + 'static,
    {
        let key = landing.key.as_str();
        // The previous load may have finished between the look and the start.
        let kept = self.look(key, owner).await;
        if let Some(hit) = kept.clone().and_then(|kept| self.fresh(kept)) {
            return Ok(hit);
        }
        match load().await {
            Ok(value) => {
                let value = Arc::new(value);
                let as_of_ms = self.clock.now_ms();
                self.keep(landing, owner, &value, as_of_ms).await;
                Ok(Fresh {
                    value,
                    source: Source::Kos,
                    as_of_ms,
                })
            }
            Err(error) if (self.policy.away)(&error) => {
                kept.and_then(|kept| self.stale(kept)).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// The cached value if it is fresh; kept near from then on.
    async fn look_far(&self, key: &str, owner: &str) -> Option<Fresh<T>> {
        let look = self.near.look();
        let kept = self.look(key, owner).await?;
        self.near.keep(&look, key, owner, &kept);
        self.fresh(kept)
    }

    async fn look(&self, key: &str, owner: &str) -> Option<Opened<Arc<T>>> {
        let bytes = self.cache.get(key).await?;
        let opened = envelope::unwrap(key, owner, &bytes);
        if opened.is_none() {
            let kind = kind_of(key);
            tracing::warn!(
                kind,
                "a cached value was somebody else's or cannot be read; removed"
            );
            self.cache.metrics().rejected(kind);
            self.cache.remove(key).await;
        }
        opened.map(Opened::shared)
    }

    /// A value from the future was kept before the clock was set back; its age is unknown.
    fn fresh(&self, kept: Opened<Arc<T>>) -> Option<Fresh<T>> {
        let now = self.clock.now_ms();
        (kept.as_of_ms <= now && now < kept.fresh_until_ms).then_some(Fresh {
            value: kept.value,
            source: Source::Cache,
            as_of_ms: kept.as_of_ms,
        })
    }

    fn stale(&self, kept: Opened<Arc<T>>) -> Option<Fresh<T>> {
        let age_ms = self.clock.now_ms() - kept.as_of_ms;
        let kept_for = 0..millis(self.policy.stale_for);
        kept_for.contains(&age_ms).then_some(Fresh {
            value: kept.value,
            source: Source::Stale,
            as_of_ms: kept.as_of_ms,
        })
    }

    async fn keep(&self, landing: &Landing<T, E>, owner: &str, value: &T, as_of_ms: i64) {
        if landing.forgotten.load(Ordering::SeqCst) {
            return;
        }
        let ttl = self.policy.ttl.mul_f64(0.9 + 0.2 * self.ids.fraction());
        let opened = Opened {
            value,
            as_of_ms,
            fresh_until_ms: as_of_ms + millis(ttl),
        };
        if let Some(bytes) = envelope::wrap(&landing.key, owner, &opened) {
            let kept_for = ttl.max(self.policy.stale_for);
            self.cache.put(&landing.key, &bytes, kept_for).await;
        }
        // Forgotten while it was being kept: `forget` may have removed before this put.
        if landing.forgotten.load(Ordering::SeqCst) {
            self.cache.remove(&landing.key).await;
        }
    }
}

impl<T, E> Clone for CacheAside<T, E> {
    fn clone(&self) -> Self {
        Self {
            cache: self.cache.clone(),
            near: self.near.clone(),
            flights: self.flights.clone(),
            policy: Policy { ..self.policy },
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            tasks: self.tasks.clone(),
        }
    }
}
