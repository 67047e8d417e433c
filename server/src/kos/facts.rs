//! KOS's answers through the cache: which may be a little old, and which must be current.
//!
//! Values that show the current plan (the line, the bill of an open month) are kept under the
//! line's generation, which is read from the database; bills of closed months and the price list do
//! not depend on it and cost no such read.

use super::{
    CacheKeys, CatalogueProduct, HeldLine, KosBill, KosClient, KosError, KosLine, LineGenerations,
    cache_keys::owner,
};
use crate::{
    cache::{Cache, CacheAside, Fresh, Policy},
    clock::Clock,
    config::CacheConfig,
    error::Chain,
    ids::Ids,
    tasks::Tasks,
};
use app::model::{BillingMonth, LineNumber, Source};
use futures::future::join_all;
use std::{sync::Arc, time::Duration};

/// How old a bill may be that is shown, marked as stale, while KOS is away.
const BILL_STALE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How long this process serves a value without looking in the cache, which an operator may have
/// cleared.
const NEAR_FOR: Duration = Duration::from_secs(60);
/// Key and owner of the value that is the same for everybody.
const CATALOGUE: &str = "catalogue";

/// What KOS knows about lines, bills and plans; cloning shares the running loads. Refused with
/// `LineNotFound` is also a line that KOS names another customer of.
#[derive(Clone)]
pub struct KosFacts {
    now: Now,
    keys: CacheKeys,
    bills: CacheAside<KosBill, KosError>,
    lines: CacheAside<KosLine, KosError>,
    catalogue: CacheAside<Vec<CatalogueProduct>, KosError>,
    generations: LineGenerations,
    clock: Clock,
    /// A call that nobody waits for any longer is ended: dropped, it would count as a failure of KOS.
    tasks: Tasks,
}

/// KOS itself, past the cache.
#[derive(Clone)]
struct Now {
    client: KosClient,
    ids: Ids,
}

impl KosFacts {
    #[expect(
        clippy::too_many_arguments,
        reason = "the composition root names each once"
    )]
    pub fn new(
        client: KosClient,
        keys: CacheKeys,
        cache: Arc<dyn Cache>,
        generations: LineGenerations,
        config: &CacheConfig,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        let policy = |ttl, stale_for| Policy {
            ttl,
            stale_for,
            near_for: NEAR_FOR,
            away: is_away,
        };
        // Every page that shows a bill says how old it is, so a bill may be old; nothing else may.
        let bill = policy(config.bill_ttl, BILL_STALE_FOR);
        let line = policy(config.line_ttl, Duration::ZERO);
        let plans = policy(config.catalogue_ttl, Duration::ZERO);
        let parts = || (cache.clone(), clock.clone(), ids.clone(), tasks.clone());
        let bills = aside(parts(), bill);
        let lines = aside(parts(), line);
        let catalogue = aside(parts(), plans);
        Self {
            now: Now { client, ids },
            keys,
            bills,
            lines,
            catalogue,
            generations,
            clock,
            tasks,
        }
    }

    /// The bill of that month, at most an hour old; up to a day old and marked stale while KOS is
    /// away. A bill that shows the plan is never older than the last ended change of plan.
    ///
    /// # Errors
    /// What KOS refused, or how it failed with no older bill to show.
    pub async fn bill(
        &self,
        line: &HeldLine,
        month: BillingMonth,
    ) -> Result<Fresh<KosBill>, KosError> {
        let (now, asked) = (self.now.clone(), line.clone());
        let load = move || {
            let (now, asked) = (now.clone(), asked.clone());
            async move { now.bill(&asked, month).await }
        };
        let generation = if self.clock.has_closed(month) {
            None
        } else {
            match self.generation(&line.number).await {
                Some(generation) => Some(generation),
                None => return Ok(self.just_told(self.tasks.finish(load()).await??)),
            }
        };
        let key = self.keys.bill(line, month, generation);
        self.bills.get_or_load(&key, &owner(line), load).await
    }

    /// The line and its plan for display, at most four hours old, and never older than the last
    /// ended change of plan.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line(&self, line: &HeldLine) -> Result<Fresh<KosLine>, KosError> {
        let (now, asked) = (self.now.clone(), line.clone());
        let load = move || {
            let (now, asked) = (now.clone(), asked.clone());
            async move { now.line(&asked).await }
        };
        let Some(generation) = self.generation(&line.number).await else {
            return Ok(self.just_told(self.tasks.finish(load()).await??));
        };
        let key = self.keys.line(line, generation);
        self.lines.get_or_load(&key, &owner(line), load).await
    }

    /// The line and its plan as of now, as the basis of a decision. Never cached.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line_now(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.now.line(line).await
    }

    /// The price list, about a day old at most.
    ///
    /// # Errors
    /// How KOS failed.
    pub async fn catalogue(&self) -> Result<Fresh<Vec<CatalogueProduct>>, KosError> {
        let now = self.now.clone();
        let load = move || {
            let now = now.clone();
            async move { now.client.catalogue(&now.ids.uuid()).await }
        };
        self.catalogue.get_or_load(CATALOGUE, CATALOGUE, load).await
    }

    /// Frees cached values of a line after its plan changed. Entries that show the plan are no
    /// longer found anyway; this is for the rest, and may fail.
    pub async fn forget_line(&self, line: &HeldLine) {
        let before = self
            .generation(&line.number)
            .await
            .filter(|generation| *generation > 0)
            .map(|generation| generation - 1);
        let months = self.clock.current_month().selectable();
        // The oldest month before midnight is one more, should the month have turned just now.
        let turned = months.last().map(|month| month.previous());
        let closed = months.iter().skip(1).copied().chain(turned);
        let mut bills: Vec<_> = closed
            .map(|month| self.keys.bill(line, month, None))
            .collect();
        if let Some(before) = before {
            let open = months
                .iter()
                .filter(|month| !self.clock.has_closed(**month));
            bills.extend(open.map(|month| self.keys.bill(line, *month, Some(before))));
            self.lines.forget(&self.keys.line(line, before)).await;
        }
        join_all(bills.iter().map(|key| self.bills.forget(key))).await;
    }

    /// The line's generation; `None` while the database is away, and then the cache is bypassed.
    async fn generation(&self, line: &LineNumber) -> Option<i64> {
        let told = self.generations.current(line).await;
        if let Err(error) = &told {
            tracing::warn!(error = %Chain(error), "the generation of a line is not known; KOS is asked");
        }
        told.ok()
    }

    fn just_told<T>(&self, value: T) -> Fresh<T> {
        Fresh {
            value: Arc::new(value),
            source: Source::Kos,
            as_of_ms: self.clock.now_ms(),
        }
    }
}

impl Now {
    async fn bill(&self, line: &HeldLine, month: BillingMonth) -> Result<KosBill, KosError> {
        let request_id = self.ids.uuid();
        let told = self.client.bill(&request_id, &line.number, month).await?;
        self.check(line, told.customer_id.as_deref())?;
        Ok(told)
    }

    async fn line(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        let request_id = self.ids.uuid();
        let told = self.client.line(&request_id, &line.number).await?;
        self.check(line, told.customer_id.as_deref())?;
        Ok(told)
    }

    /// A customer's id that is of another set than the accounts' says nothing about them.
    fn check(&self, line: &HeldLine, told: Option<&str>) -> Result<(), KosError> {
        line.check(told.filter(|_| self.client.knows_customers()))
    }
}

type Parts = (Arc<dyn Cache>, Clock, Ids, Tasks);

fn aside<T>((cache, clock, ids, tasks): Parts, policy: Policy<KosError>) -> CacheAside<T, KosError>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    CacheAside::new(cache, policy, clock, ids, tasks)
}

/// A refusal is an answer, and a bug of ours must not look like an outage; everything else means that KOS,
/// or the way to it, fails.
fn is_away(error: &KosError) -> bool {
    !matches!(error, KosError::Refused(_) | KosError::Internal(_))
}

#[cfg(test)]
mod tests {
    use super::is_away;
    use crate::{
        kos::{KosError, Refusal},
        tasks::Panicked,
    };

    #[test]
    fn neither_a_refusal_nor_a_bug_of_ours_makes_an_old_bill_good_enough() {
        assert!(is_away(&KosError::Timeout));
        assert!(!is_away(&KosError::Refused(Refusal::NoBill)));
        assert!(!is_away(&Panicked.into()));
    }
}
