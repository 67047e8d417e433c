//! What readiness is judged by.

use super::features::Shared;
use crate::{
    clock::Clock,
    http::{CacheHealth, Health, HealthProbe},
    kos::KosClient,
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// How long the answer of the databases is repeated. Anybody may ask for readiness, outside every rate
/// limit, and whoever does costs them a query each.
const REPEATED_FOR: Duration = Duration::from_secs(1);

/// Asks how everything is. Only the databases' answer may be up to a second old.
pub(super) fn probe(shared: &Shared, kos: KosClient, draining: CancellationToken) -> HealthProbe {
    let (databases, cache) = (shared.databases.clone(), shared.cache.clone());
    let answer = Arc::new(LatestAnswer::new(shared.clock.clone()));
    Arc::new(move || {
        let (databases, kos, answer) = (databases.clone(), kos.clone(), answer.clone());
        let (cache, draining) = (cache.clone(), draining.clone());
        Box::pin(async move {
            Health {
                database: answer.or_ask(|| databases.answer()).await,
                schema: databases.schema_is_current(),
                draining: draining.is_cancelled(),
                kos: kos.health(),
                cache: CacheHealth {
                    shared: cache.shared(),
                    answers: cache.answers(),
                },
            }
        })
    })
}

/// An answer that is repeated for [`REPEATED_FOR`]; one caller asks anew, the others wait for it.
struct LatestAnswer {
    latest: Mutex<Option<(Duration, bool)>>,
    clock: Clock,
}

impl LatestAnswer {
    fn new(clock: Clock) -> Self {
        Self {
            latest: Mutex::default(),
            clock,
        }
    }

    async fn or_ask<F: Future<Output = bool>>(&self, ask: impl FnOnce() -> F) -> bool {
        let mut latest = self.latest.lock().await;
        if let Some((at, answer)) = *latest
            && self.clock.monotonic().saturating_sub(at) < REPEATED_FOR
        {
            return answer;
        }
        let answer = ask().await;
        *latest = Some((self.clock.monotonic(), answer));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::{LatestAnswer, REPEATED_FOR};
    use crate::clock::Clock;
    use futures::future::join_all;
    use std::{
        future::ready,
        sync::atomic::{AtomicU32, Ordering},
    };

    #[tokio::test]
    async fn many_probes_of_one_second_ask_once() {
        let clock = Clock::manual(0);
        let answer = LatestAnswer::new(clock.clone());
        let asked = AtomicU32::new(0);
        let ask = |healthy: bool| {
            let asked = &asked;
            answer.or_ask(move || {
                asked.fetch_add(1, Ordering::SeqCst);
                ready(healthy)
            })
        };
        assert_eq!(
            join_all([ask(true), ask(false), ask(false)]).await,
            [true; 3]
        );
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        clock.advance(REPEATED_FOR);
        assert!(!ask(false).await);
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}
