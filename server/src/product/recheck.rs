//! The worker that asks again about changes that were reported as not applied.
//!
//! A process suspended between its last look at the clock and the socket can send a change after
//! another one has concluded, correctly by all it could know, that it was not applied; and a KOS
//! without a promised horizon can apply one at any time. This side can prevent neither. This worker
//! checks for a day, and what it finds is an incident: the customer was told one thing and KOS did
//! another. It is logged as an error, counted ([`super::attention`]) and listed by `phonebill change
//! list --state LATE`; the recorded end stays.

use super::{
    ports::{ChangeKos, ChangeLedger},
    record::ChangeRecord,
    store_ledger::SqlLedger,
    store_recheck::{self, Recheck},
};
use crate::{
    db::{Db, DbError},
    error::Chain,
    kos::{ChangeLookup, KosError},
    tasks::Tasks,
};
use std::{sync::Arc, time::Duration};

/// Changes asked about per turn.
const AT_ONCE: usize = 8;

/// When it asks.
#[derive(Clone, Copy, Debug)]
pub struct RecheckPace {
    /// Between two looks for changes that are due; the first question comes a minute after the end.
    pub poll: Duration,
    /// Between two questions about the same change.
    pub pause: Duration,
    /// Counted from the send; the last question comes after this time.
    pub stop_after: Duration,
}

impl Default for RecheckPace {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(10),
            pause: Duration::from_secs(60 * 60),
            stop_after: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// Finds late applications. Cheap to clone.
#[derive(Clone)]
pub struct LateWatch {
    db: Db,
    ledger: SqlLedger,
    kos: Arc<dyn ChangeKos>,
    asks_by_request_id: bool,
    tasks: Tasks,
    pace: RecheckPace,
}

impl LateWatch {
    pub(super) fn new(
        db: Db,
        kos: Arc<dyn ChangeKos>,
        asks_by_request_id: bool,
        tasks: Tasks,
    ) -> Self {
        Self {
            ledger: SqlLedger::new(db.clone()),
            db,
            kos,
            asks_by_request_id,
            tasks,
            pace: RecheckPace::default(),
        }
    }

    /// With a pace other than the default.
    pub fn with_pace(mut self, pace: RecheckPace) -> Self {
        self.pace = pace;
        self
    }

    /// Starts the worker.
    pub fn start(&self) {
        self.tasks.start(self.clone().work());
    }

    async fn work(self) {
        let stopping = self.tasks.stopping().clone();
        let mut failing = false;
        loop {
            match self.run().await {
                Ok(()) => failing = false,
                Err(error) => {
                    if !failing {
                        tracing::warn!(
                            error = %Chain(&error),
                            "changes told as not applied could not be looked at again"
                        );
                    }
                    failing = true;
                }
            }
            tokio::select! {
                biased;
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(self.pace.poll) => {}
            }
        }
    }

    /// Asks about all changes that are due, until the process stops.
    ///
    /// # Errors
    /// The first [`DbError`]; the others are checked all the same. Whatever failed or was left is due again
    /// after the pause.
    pub async fn run(&self) -> Result<(), DbError> {
        let mut result = Ok(());
        for due in store_recheck::take(&self.db, self.pace.pause, AT_ONCE).await? {
            if self.tasks.stopping().is_cancelled() {
                break;
            }
            let looked = self.look(&due).await;
            result = result.and(looked);
        }
        result
    }

    async fn look(&self, due: &Recheck) -> Result<(), DbError> {
        let Some(change) = self.ledger.find(&due.request_id).await? else {
            return Ok(());
        };
        match self.seen(&change).await? {
            Seen::Applied => {
                let line = &change.line.line_number;
                if store_recheck::applied_late(&self.db, line, &due.request_id).await? {
                    tracing::error!(
                        request_id = %due.request_id,
                        "KOS applied a change after it had been told as not applied"
                    );
                }
                Ok(())
            }
            // A KOS that did not answer is asked again, but not for ever.
            Seen::NotYet if due.sent_ago < self.pace.stop_after => Ok(()),
            Seen::NotAsked => Ok(()),
            Seen::NotYet | Seen::CannotTell => {
                store_recheck::clear(&self.db, &due.request_id).await
            }
        }
    }

    async fn seen(&self, change: &ChangeRecord) -> Result<Seen, DbError> {
        let told = if self.asks_by_request_id {
            let Some(lookup) = self
                .unless_stopping(self.kos.lookup(&change.request_id))
                .await
            else {
                return Ok(Seen::NotAsked);
            };
            lookup.map(|lookup| matches!(lookup, ChangeLookup::Applied(_)))
        } else if self.changed_since(change).await? {
            return Ok(Seen::CannotTell);
        } else {
            let line = change.held_line();
            let Some(now) = self.unless_stopping(self.kos.line_now(&line)).await else {
                return Ok(Seen::NotAsked);
            };
            // Checked again: KOS may show a change made while it was being asked.
            if self.changed_since(change).await? {
                return Ok(Seen::CannotTell);
            }
            now.map(|now| now.product.code == change.to.code)
        };
        Ok(match told {
            Ok(true) => Seen::Applied,
            Ok(false) => Seen::NotYet,
            Err(error) => {
                let error: KosError = error;
                tracing::info!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "KOS did not tell whether a change was applied late"
                );
                Seen::NotYet
            }
        })
    }

    /// The answer, unless the process stops before. Only for questions: what writes must not be dropped.
    async fn unless_stopping<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            told = question => Some(told),
            () = self.tasks.stopping().cancelled() => None,
        }
    }

    /// Whether the line's plan no longer says anything about that change.
    async fn changed_since(&self, change: &ChangeRecord) -> Result<bool, DbError> {
        let line = &change.line.line_number;
        store_recheck::changed_since(&self.db, line, &change.request_id).await
    }
}

/// What KOS shows of a change that was reported as not applied.
enum Seen {
    Applied,
    NotYet,
    /// This process is stopping.
    NotAsked,
    /// The line has been changed since.
    CannotTell,
}
