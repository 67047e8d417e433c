//! Forgetting: rows are kept as long as somebody may ask for them, and no longer.
//!
//! Each feature says what it keeps for how long ([`Retained`]); one worker looks each hour. Every
//! replica does so; they take different rows or none.

use super::{Db, DbError, Sql, execute};
use crate::{
    clock::{Clock, millis},
    error::Chain,
    tasks::Tasks,
};
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows of one transaction: few enough that a login or a change waiting behind it does not notice.
const BATCH: u64 = 500;

/// One kind of row, and how long it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retained {
    /// What the log calls them, in the plural.
    pub rows: &'static str,
    pub kept_for: Duration,
    /// The statements of one batch, run in one transaction: `$1` is the instant (epoch milliseconds)
    /// before which a row is too old, `$2` how many may go. The last one removes the rows.
    pub batch: &'static [Sql],
}

/// Removes what is too old.
#[derive(Clone)]
pub struct Retention {
    clock: Clock,
    tasks: Tasks,
    kept: Vec<(Db, Retained)>,
}

impl Retention {
    /// Nothing is forgotten yet; see [`Self::of`].
    pub fn new(clock: Clock, tasks: Tasks) -> Self {
        Self {
            clock,
            tasks,
            kept: Vec::new(),
        }
    }

    /// These rows of that database as well.
    pub fn of(mut self, db: &Db, retained: &[Retained]) -> Self {
        let rows = retained.iter().map(|rows| (db.clone(), *rows));
        self.kept.extend(rows);
        self
    }

    /// Starts the worker.
    pub fn start(self) {
        self.tasks.start(self.clone().work());
    }

    async fn work(self) {
        let stopping = self.tasks.stopping().clone();
        loop {
            for (db, retained) in &self.kept {
                if let Err(error) = self.forget(db, retained).await {
                    tracing::warn!(
                        rows = retained.rows,
                        error = %Chain(&error),
                        "old rows stay for another hour"
                    );
                }
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Removes everything that is too old now; gives how many rows went, by kind.
    ///
    /// # Errors
    /// [`DbError`]; what was removed until then is gone, the rest waits.
    pub async fn run(&self) -> Result<Vec<u64>, DbError> {
        let mut removed = Vec::new();
        for (db, retained) in &self.kept {
            removed.push(self.forget(db, retained).await?);
        }
        Ok(removed)
    }

    async fn forget(&self, db: &Db, retained: &Retained) -> Result<u64, DbError> {
        let before_ms = self.clock.now_ms() - millis(retained.kept_for);
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let mut removed = 0;
        loop {
            let mut batch = 0;
            let mut tx = db.begin_write().await?;
            for statement in retained.batch {
                batch = execute!(tx.target(), statement, before_ms, limit)?;
            }
            tx.commit().await?;
            removed += batch;
            if batch < BATCH || self.tasks.stopping().is_cancelled() {
                return Ok(removed);
            }
        }
    }
}
