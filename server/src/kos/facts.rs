//! KOS's answers through the cache: what may be a little old, and what must be of this moment.

use super::{CatalogueProduct, Failure, KosBill, KosClient, KosError, KosLine};
use crate::{
    cache::{Cache, CacheAside, Fresh, Policy},
    clock::Clock,
    config::CacheConfig,
    ids::Ids,
    tasks::{Panicked, Tasks},
};
use app::model::{BillingMonth, LineNumber};
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};

/// How old a bill may be that is shown, marked, while KOS is away.
const BILL_STALE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Keys and owner of what is the same for everybody.
const CATALOGUE: &str = "catalogue";

/// What KOS knows about lines, bills and plans; cloning shares the running loads.
#[derive(Clone)]
pub struct KosFacts {
    client: KosClient,
    bills: CacheAside<KosBill, KosError>,
    lines: CacheAside<KosLine, KosError>,
    catalogue: CacheAside<Vec<CatalogueProduct>, KosError>,
    clock: Clock,
    ids: Ids,
}

impl KosFacts {
    pub fn new(
        client: KosClient,
        cache: Arc<dyn Cache>,
        config: &CacheConfig,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        let policy = |ttl, stale_for| Policy {
            ttl,
            stale_for,
            away: is_away,
        };
        // Only a bill says on the page how old it is, so only a bill may be old.
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
            clock,
            ids,
        }
    }

    /// The bill of that month, an hour old at most; up to a day old and marked stale while KOS is
    /// away.
    ///
    /// # Errors
    /// What KOS refused, or how it failed with no older bill to show.
    pub async fn bill(
        &self,
        line: &LineNumber,
        month: BillingMonth,
    ) -> Result<Fresh<KosBill>, KosError> {
        let (client, ids, asked) = (self.client.clone(), self.ids.clone(), line.clone());
        let load = move || {
            let (client, request_id, line) = (client.clone(), ids.uuid(), asked.clone());
            async move { client.bill(&request_id, &line, month).await }
        };
        let key = bill_key(line, month);
        self.bills.get_or_load(&key, line.as_str(), load).await
    }

    /// The line and its plan for display, four hours old at most.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line(&self, line: &LineNumber) -> Result<Fresh<KosLine>, KosError> {
        let (client, ids, asked) = (self.client.clone(), self.ids.clone(), line.clone());
        let load = move || {
            let (client, request_id, line) = (client.clone(), ids.uuid(), asked.clone());
            async move { client.line(&request_id, &line).await }
        };
        let key = line_key(line);
        self.lines.get_or_load(&key, line.as_str(), load).await
    }

    /// The line and its plan as of this moment, for whatever a decision rests on. Never cached.
    ///
    /// # Errors
    /// What KOS refused, or how it failed.
    pub async fn line_now(&self, line: &LineNumber) -> Result<KosLine, KosError> {
        self.client.line(&self.ids.uuid(), line).await
    }

    /// The price list, a day old at most.
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

    /// Forgets the line and its bills: its plan changed.
    pub async fn forget_line(&self, line: &LineNumber) {
        let months = self.clock.current_month().selectable();
        // The oldest month before midnight is one more, should the month have turned just now.
        let turned = months.last().map(|month| month.previous());
        let keys: Vec<_> = months
            .into_iter()
            .chain(turned)
            .map(|month| bill_key(line, month))
            .collect();
        let line_key = line_key(line);
        tokio::join!(
            join_all(keys.iter().map(|key| self.bills.forget(key))),
            self.lines.forget(&line_key),
        );
    }
}

type Parts = (Arc<dyn Cache>, Clock, Ids, Tasks);

fn aside<T>((cache, clock, ids, tasks): Parts, policy: Policy<KosError>) -> CacheAside<T, KosError>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static,
{
    CacheAside::new(cache, policy, clock, ids, tasks)
}

/// A refusal is an answer; everything else is KOS, or the way to it, failing.
fn is_away(error: &KosError) -> bool {
    !matches!(error, KosError::Refused(_))
}

impl From<Panicked> for KosError {
    fn from(panicked: Panicked) -> Self {
        Self::Failed(Failure::Request(Arc::new(panicked)))
    }
}

fn line_key(line: &LineNumber) -> String {
    format!("line:{}", digest(line))
}

fn bill_key(line: &LineNumber, month: BillingMonth) -> String {
    format!("bill:{}:{}", digest(line), month.compact())
}

/// Keys show up in the cache's own logs and monitors, so they carry no number.
fn digest(line: &LineNumber) -> String {
    hex::encode(&Sha256::digest(line.as_str())[..12])
}
