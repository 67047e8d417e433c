//! Forgetting the answers of idempotency keys. Changes and their history are kept.

use super::store_purge;
use crate::{
    clock::Clock,
    db::{Db, DbError},
    tasks::Tasks,
};
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// 72 hours are promised; the hour on top is for clocks that differ.
const ANSWERS_FOR: Duration = Duration::from_secs(73 * 60 * 60);
/// Rows of one statement: few enough that a change waiting behind it does not notice.
const BATCH: u64 = 500;

/// Removes old answers. Every replica does so; they take different rows or none.
#[derive(Clone)]
pub struct AnswerPurge {
    db: Db,
    clock: Clock,
    tasks: Tasks,
}

impl AnswerPurge {
    pub fn new(db: Db, clock: Clock, tasks: Tasks) -> Self {
        Self { db, clock, tasks }
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
                    "old answers stay for another hour"
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
        let kept = i64::try_from(ANSWERS_FOR.as_millis()).unwrap_or(i64::MAX);
        let before_ms = self.clock.now_ms() - kept;
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let mut removed = 0;
        loop {
            let batch = store_purge::answers(&self.db, before_ms, limit).await?;
            removed += batch;
            if batch < BATCH || self.tasks.stopping().is_cancelled() {
                return Ok(removed);
            }
        }
    }
}
