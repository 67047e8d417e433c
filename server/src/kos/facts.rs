//! KOS's answers through the cache: which may be a little old, and which must be current.
//!
//! Values that show the current plan (the line, the bill of an open month) are kept under the
//! line's generation, which is read from the database; bills of closed months and the price list do
//! not depend on it and cost no such read.

use super::{CatalogueProduct, KosBill, KosClient, KosError, KosLine, LineGenerations};
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
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};

/// How old a bill may be that is shown, marked as stale, while KOS is away.
const BILL_STALE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How long this process serves a value without looking in the cache, which an operator may have
/// cleared.
const NEAR_FOR: Duration = Duration::from_secs(60);
/// Key and owner of the value that is the same for everybody.
const CATALOGUE: &str = "catalogue";

/// What KOS knows about lines, bills and plans; cloning shares the running loads.
#[derive(Clone)]
pub struct KosFacts {
    client: KosClient,
    bills: CacheAside<KosBill, KosError>,
    lines: CacheAside<KosLine, KosError>,
    catalogue: CacheAside<Vec<CatalogueProduct>, KosError>,
    generations: LineGenerations,
    clock: Clock,
    ids: Ids,
}

impl KosFacts {
    pub fn new(
        client: KosClient,
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
            client,
            bills,
            lines,
            catalogue,
            generations,
            clock,
            ids,
        }
    }

    /// The bill of that month, at most an hour old; up to a day old and marked stale while KOS is
    /// away. A bill that shows the plan is never older than the last ended change of plan.
    ///
    /// # Errors
    /// What KOS refused, or how it failed with no older bill to show.
    pub async fn bill(
        &self,
        line: &LineNumber,
        month: BillingMonth,
    ) -> Result<Fresh<KosBill>, KosError> {
        let generation = if self.clock.has_closed(month) {
            None
        } else {
            match self.generation(line).await {
                Some(generation) => Some(generation),
                None => {
                    let request_id = self.ids.uuid();
                    let asked = Box::pin(self.client.bill(&request_id, line, month)).await;
                    return asked.map(|bill| self.just_told(bill));
                }
            }
        };
        let (client, ids, asked) = (self.client.clone(), self.ids.clone(), line.clone());
        let load = move || {
            let (client, request_id, line) = (client.clone(), ids.uuid(), asked.clone());
            async move { client.bill(&request_id, &line, month).await }
        };
        let key = bill_key(line, month, generation);
        self.bills.get_or_load(&key, line.as_str(), load).await
    }

    /// The line and its plan for display, at most four hours old, and never older than the last
    /// ended change of plan.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line(&self, line: &LineNumber) -> Result<Fresh<KosLine>, KosError> {
        let Some(generation) = self.generation(line).await else {
            return Ok(self.just_told(self.line_now(line).await?));
        };
        let (client, ids, asked) = (self.client.clone(), self.ids.clone(), line.clone());
        let load = move || {
            let (client, request_id, line) = (client.clone(), ids.uuid(), asked.clone());
            async move { client.line(&request_id, &line).await }
        };
        let key = line_key(line, generation);
        self.lines.get_or_load(&key, line.as_str(), load).await
    }

    /// The line and its plan as of now, as the basis of a decision. Never cached.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line_now(&self, line: &LineNumber) -> Result<KosLine, KosError> {
        self.client.line(&self.ids.uuid(), line).await
    }

    /// The price list, at most a day old.
    ///
    /// # Errors
    /// How KOS failed.
    pub async fn catalogue(&self) -> Result<Fresh<Vec<CatalogueProduct>>, KosError> {
        let (client, ids) = (self.client.clone(), self.ids.clone());
        let load = move || {
            let (client, request_id) = (client.clone(), ids.uuid());
            async move { client.catalogue(&request_id).await }
        };
        self.catalogue.get_or_load(CATALOGUE, CATALOGUE, load).await
    }

    /// Frees cached values of a line after its plan changed. Entries that show the plan are no
    /// longer found anyway; this is for the rest, and may fail.
    pub async fn forget_line(&self, line: &LineNumber) {
        let before = self
            .generation(line)
            .await
            .filter(|generation| *generation > 0)
            .map(|generation| generation - 1);
        let months = self.clock.current_month().selectable();
        // The oldest month before midnight is one more, should the month have turned just now.
        let turned = months.last().map(|month| month.previous());
        let closed = months.iter().skip(1).copied().chain(turned);
        let mut bills: Vec<_> = closed.map(|month| bill_key(line, month, None)).collect();
        if let Some(before) = before {
            let open = months
                .iter()
                .filter(|month| !self.clock.has_closed(**month));
            bills.extend(open.map(|month| bill_key(line, *month, Some(before))));
            self.lines.forget(&line_key(line, before)).await;
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

fn line_key(line: &LineNumber, generation: i64) -> String {
    format!("line:{}:{generation}", digest(line))
}

fn bill_key(line: &LineNumber, month: BillingMonth, generation: Option<i64>) -> String {
    let (line, month) = (digest(line), month.compact());
    match generation {
        Some(generation) => format!("bill:{line}:{month}:{generation}"),
        None => format!("bill:{line}:{month}"),
    }
}

/// Keys show up in the cache's own logs and monitors, so they carry no number.
fn digest(line: &LineNumber) -> String {
    hex::encode(&Sha256::digest(line.as_str())[..12])
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
