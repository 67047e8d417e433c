//! Forgetting: sessions and attempts are kept as long as somebody may ask about them, and no longer.

use super::store_purge;
use crate::{
    clock::Clock,
    db::{Db, DbError},
    tasks::Tasks,
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Between two looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Sessions are kept after they ran out, so that a complaint about a login can be answered.
const SESSIONS_FOR: Duration = Duration::from_secs(30 * DAY.as_secs());
/// Wrong passwords older than this no longer count as "in a row".
const ATTEMPTS_FOR: Duration = Duration::from_secs(7 * DAY.as_secs());
/// Rows of one transaction: few enough that a login waiting behind it does not notice.
const BATCH: u64 = 500;

/// Removes what is too old. Every replica does so; they take different rows or none.
#[derive(Clone)]
pub struct Purge {
    db: Db,
    clock: Clock,
    tasks: Tasks,
}

impl Purge {
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
                    "old sessions stay for another hour"
                );
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Removes everything that is too old now, batch by batch; gives the number of sessions and of
    /// attempt counts.
    ///
    /// # Errors
    /// [`DbError`]; what was removed until then is gone, the rest waits.
    pub async fn run(&self) -> Result<(u64, u64), DbError> {
        let now_ms = self.clock.now_ms();
        let before = |kept: Duration| now_ms - i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let (mut sessions, mut attempts) = (0, 0);
        while !self.tasks.stopping().is_cancelled() {
            let old_sessions = store_purge::sessions(&self.db, before(SESSIONS_FOR), limit).await?;
            let old_attempts = store_purge::attempts(&self.db, before(ATTEMPTS_FOR), limit).await?;
            sessions += old_sessions;
            attempts += old_attempts;
            if old_sessions < BATCH && old_attempts < BATCH {
                break;
            }
        }
        Ok((sessions, attempts))
    }
}
