//! Writing what was asked and answered, beside the customer's path.
//!
//! An answered inquiry is handed over through a bounded channel; one worker commits whatever has
//! gathered in one transaction: request, result and event together, or none of them. When the
//! channel is full the inquiry writes its own record and waits for it. Shutdown drains the channel.
//! What lies in the channel (at most [`WAITING`] records, usually a few milliseconds' worth) is
//! lost when the process is killed: the customer had the bill, the history does not show it.

use super::{record::InquiryDone, store_inquiry};
use crate::{
    db::{Db, DbError},
    outbox::OutboxBell,
    tasks::Tasks,
};
use std::time::Duration;
use tokio::sync::mpsc::{self, error::TrySendError};

/// Records handed over and not yet taken by the worker.
const WAITING: usize = 1_024;
/// Records of one transaction.
const BATCH: usize = 64;
/// Between two tries while the database is away.
const PAUSE: Duration = Duration::from_millis(500);
/// Tries of the worker for one batch: about a minute of a database that is away.
const PATIENT: u32 = 120;
/// Tries while shutting down.
const HURRIED: u32 = 3;
/// Tries on the customer's path, when the channel is full.
const ONCE: u32 = 1;

/// Takes records; cloning shares the worker.
#[derive(Clone)]
pub struct Recorder {
    queue: mpsc::Sender<InquiryDone>,
    writer: Writer,
}

#[derive(Clone)]
struct Writer {
    db: Db,
    bell: OutboxBell,
    tasks: Tasks,
}

impl Recorder {
    /// Starts the worker among `tasks`.
    pub fn start(db: Db, bell: OutboxBell, tasks: Tasks) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let writer = Writer {
            db,
            bell,
            tasks: tasks.clone(),
        };
        tasks.start(writer.clone().work(waiting));
        Self { queue, writer }
    }

    /// Hands the record over. Call it inside a task that is not dropped half-way.
    pub async fn record(&self, done: InquiryDone) {
        if let Err(TrySendError::Full(done) | TrySendError::Closed(done)) =
            self.queue.try_send(done)
        {
            self.writer.write(&[done], ONCE).await;
        }
    }
}

impl Writer {
    async fn work(self, mut waiting: mpsc::Receiver<InquiryDone>) {
        let stopping = self.tasks.stopping().clone();
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                _ = waiting.recv_many(&mut batch, BATCH) => {}
                () = stopping.cancelled() => break,
            }
            if batch.is_empty() {
                // Every sender is gone.
                return;
            }
            self.write(&batch, PATIENT).await;
            batch.clear();
        }
        // What comes from now on writes itself.
        waiting.close();
        while waiting.recv_many(&mut batch, BATCH).await > 0 {
            self.write(&batch, HURRIED).await;
            batch.clear();
        }
    }

    /// Commits the batch, trying so often while the database is away.
    async fn write(&self, batch: &[InquiryDone], tries: u32) {
        for tried in 1.. {
            let error = match self.commit(batch).await {
                Ok(()) => return self.bell.ring(),
                Err(error) => error,
            };
            let away = matches!(error, DbError::Unavailable(_));
            let tries = if self.tasks.stopping().is_cancelled() {
                tries.min(HURRIED)
            } else {
                tries
            };
            if !away && batch.len() > 1 {
                // One record that cannot be written must not take the others along.
                for done in batch {
                    Box::pin(self.write(std::slice::from_ref(done), tries)).await;
                }
                return;
            }
            if !away || tried >= tries {
                let records = batch.len();
                let error = anyhow::Error::from(error);
                tracing::error!(records, error = %format!("{error:#}"), "inquiries not recorded");
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn commit(&self, batch: &[InquiryDone]) -> Result<(), DbError> {
        let mut tx = self.db.begin_write().await?;
        for done in batch {
            store_inquiry::insert_done(&mut tx, done).await?;
        }
        tx.commit().await
    }
}
