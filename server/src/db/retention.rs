//! Retention: rows are kept as long as somebody may ask for them, and no longer.
//!
//! Each feature declares what it keeps for how long ([`Retained`]); one worker per replica looks
//! each hour. Replicas may run it at the same time; they take different rows or none.

use super::{Db, DbError, Sql, execute};
use crate::{
    clock::{Clock, millis},
    error::Chain,
    tasks::Tasks,
};
use std::{slice, time::Duration};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows of one transaction: few enough that a login or a change waiting behind it does not notice.
const BATCH: u64 = 500;

/// One kind of row, how long it is kept, and how a batch of it is removed: `$1` is the instant
/// (epoch milliseconds) before which a row is too old, `$2` how many may go.
#[derive(Clone, Copy, Debug)]
pub struct Retained {
    /// The name in the log, plural.
    pub rows: &'static str,
    pub kept_for: Duration,
    /// Run in one transaction; the last one removes the rows. SQLite has one writer, so all of them
    /// select the same rows.
    pub sqlite: &'static [&'static str],
    /// One statement that touches one row for each row removed. Of several, each would see what
    /// another replica has committed meanwhile, and the last could remove rows that the first had not
    /// selected.
    pub postgres: &'static str,
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
        let tasks = self.tasks.clone();
        tasks.start(self.work());
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
                () = self.clock.sleep(EVERY) => {}
            }
        }
    }

    /// Removes everything that is too old now; returns how many rows went, by kind.
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
        let statements = match db {
            Db::Sqlite { .. } => retained.sqlite,
            Db::Postgres(..) => slice::from_ref(&retained.postgres),
        };
        let mut removed = 0;
        loop {
            let mut batch = 0;
            let mut tx = db.begin_write().await?;
            for text in statements {
                batch = execute!(tx.target(), Sql::same(text), before_ms, limit)?;
            }
            tx.commit().await?;
            removed += batch;
            if batch < BATCH || self.tasks.stopping().is_cancelled() {
                return Ok(removed);
            }
        }
    }
}
