//! Forgetting delivered events: their bodies name customers, and nobody asks for them any more.

use super::store_purge;
use crate::{
    clock::Clock,
    db::{Db, DbError},
    tasks::Tasks,
};
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Delivered events are kept so long, for the questions that follow a delivery. Dead ones stay
/// until an operator replays them.
const DELIVERED_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Rows of one transaction: few enough that a change waiting behind it does not notice.
const BATCH: u64 = 500;

/// Removes what was delivered long ago. Every replica does so; they take different rows or none.
#[derive(Clone)]
pub struct OutboxPurge {
    dbs: Vec<Db>,
    clock: Clock,
    tasks: Tasks,
}

impl OutboxPurge {
    /// `dbs`: the distinct databases that have an outbox.
    pub fn new(dbs: Vec<Db>, clock: Clock, tasks: Tasks) -> Self {
        Self { dbs, clock, tasks }
    }

    /// Starts the worker.
    pub fn start(&self) {
        self.tasks.start(self.clone().work());
    }

    async fn work(self) {
        let stopping = self.tasks.stopping().clone();
        loop {
            if let Err(error) = self.run().await {
                let error = anyhow::Error::new(error);
                tracing::warn!(
                    error = format!("{error:#}"),
                    "delivered events stay for another hour"
                );
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Removes everything that is too old now, batch by batch; gives how many.
    ///
    /// # Errors
    /// [`DbError`]; what was removed until then is gone, the rest waits.
    pub async fn run(&self) -> Result<u64, DbError> {
        let kept = i64::try_from(DELIVERED_FOR.as_millis()).unwrap_or(i64::MAX);
        let before_ms = self.clock.now_ms() - kept;
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let mut removed = 0;
        for db in &self.dbs {
            loop {
                let batch = store_purge::delivered(db, before_ms, limit).await?;
                removed += batch;
                if batch < BATCH || self.tasks.stopping().is_cancelled() {
                    break;
                }
            }
        }
        Ok(removed)
    }
}
