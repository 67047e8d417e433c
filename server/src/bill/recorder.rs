//! Recording inquiries off the customer's path, so that a kill loses nothing.
//!
//! An inquiry is in the journal before its answer leaves; one worker commits whatever has gathered
//! there in one transaction: request, result and event together, or none of them. If the journal
//! cannot take it (disk full, folder not writable, at its limit, shutting down), the inquiry is
//! committed before it is answered; if that fails too, it is not answered.

use super::{
    adoption,
    journal::{self, Entry, Journal, MAX_READ, NotKept, set_aside, set_aside_size},
    measures::JournalMeasures,
    record::InquiryDone,
    store_inquiry,
};
use crate::{
    clock::Clock,
    db::{Db, DbError},
    error::{AppError, Chain},
    outbox::OutboxBell,
    resilience::Duty,
    tasks::Tasks,
};
use app::problem::ProblemCode;
use std::{io, time::Duration};
use tokio::time::{sleep, timeout};

/// Between two attempts while the database or the disk is away.
const PAUSE: Duration = Duration::from_millis(500);
/// Attempts while shutting down; what is left then stays in the journal.
const HURRIED: u32 = 3;
/// Between two commits: whatever arrives within it shares the next one.
const GATHER: Duration = Duration::from_millis(50);
/// The worker's share of time while more waits than one commit takes; it does not rest once late.
const DUTY: Duty = Duty::a_twentieth(0);
/// How long a reader waits for what is being committed.
const READER_PATIENCE: Duration = Duration::from_millis(500);
/// How often to look for folders of dead processes.
const ADOPT_EVERY: Duration = Duration::from_secs(10);

/// Takes records. Clones share the worker.
#[derive(Clone)]
pub struct Recorder(Writer);

#[derive(Clone)]
pub(super) struct Writer {
    db: Db,
    bell: OutboxBell,
    measures: JournalMeasures,
    clock: Clock,
    tasks: Tasks,
    pub(super) journal: Journal,
}

/// Some entries could not be committed; they are still where they came from.
pub(super) struct StillAway;

impl Recorder {
    /// Commits nothing by itself before [`Recorder::start`].
    pub fn new(
        db: Db,
        bell: OutboxBell,
        journal: Journal,
        measures: JournalMeasures,
        clock: Clock,
        tasks: Tasks,
    ) -> Self {
        let writer = Writer {
            db,
            bell,
            measures,
            clock,
            tasks,
            journal,
        };
        Self(writer)
    }

    /// Starts the worker; once.
    pub fn start(&self) {
        self.0.tasks.start(self.0.clone().work());
    }

    /// Makes the record safe from a kill. Call it inside a task that is not cancelled.
    ///
    /// # Errors
    /// [`ProblemCode::Unavailable`] when neither the journal nor the database takes it: then the
    /// inquiry must not be answered.
    pub async fn record(&self, done: &InquiryDone<'_>) -> Result<(), AppError> {
        let frame = journal::frame(done)
            .map_err(|error| AppError::because(ProblemCode::Internal, error))?;
        let Err(not_kept) = self.0.journal.append(&frame).await else {
            return Ok(());
        };
        if let NotKept::Failed(error) = &not_kept {
            tracing::error!(%error, "the journal cannot be written; inquiries wait for the database");
        }
        let Some(entry) = Entry::open(frame.payload()) else {
            return Err(AppError::new(ProblemCode::Internal));
        };
        // Boxed: no inquiry carries the size of this rare path.
        Box::pin(self.0.commit(&[entry])).await?;
        Ok(())
    }

    /// Measures what is set aside, also by earlier processes, for as long as it is there.
    pub async fn measure_set_aside(&self) {
        let root = self.0.journal.root().to_owned();
        let size = tokio::task::spawn_blocking(move || set_aside_size(&root)).await;
        match size.map_err(io::Error::other).flatten() {
            Ok(bytes) => self.0.measures.set_aside_size(bytes),
            Err(error) => tracing::warn!(%error, "what is set aside cannot be measured"),
        }
    }

    /// Waits briefly until the database has everything this process has answered so far.
    pub async fn caught_up(&self) {
        if timeout(READER_PATIENCE, self.0.journal.all_settled())
            .await
            .is_err()
        {
            tracing::debug!("a reader does not wait for the latest inquiries any longer");
        }
    }
}

impl Writer {
    async fn work(self) {
        let stopping = self.tasks.stopping().clone();
        let mut look = tokio::time::interval(ADOPT_EVERY);
        loop {
            tokio::select! {
                () = stopping.cancelled() => break,
                () = self.journal.written() => {
                    self.wait(GATHER).await;
                    self.empty().await;
                }
                _ = look.tick() => {
                    adoption::adopt(&self).await;
                    // What was adopted waits no longer; what arrived meanwhile may.
                    self.empty().await;
                }
            }
        }
        // From now on an inquiry is committed before it is answered.
        self.journal.close();
        self.empty().await;
        self.journal.remove();
    }

    /// Commits the journal; at shutdown, only as long as the database accepts it.
    async fn empty(&self) {
        let mut unread_since = None;
        loop {
            let frames = match self.journal.oldest().await {
                Ok(Some(frames)) => frames,
                Ok(None) => {
                    self.measures.lag(None, self.clock.now_ms());
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read");
                    // When the oldest was answered cannot be read either; it was before this.
                    let now_ms = self.clock.now_ms();
                    let since = *unread_since.get_or_insert(now_ms);
                    self.measures.lag(Some(since), now_ms);
                    if self.tasks.stopping().is_cancelled() {
                        return;
                    }
                    sleep(PAUSE).await;
                    continue;
                }
            };
            unread_since = None;
            let began = self.clock.monotonic();
            let Ok(oldest) = self.write_payloads(&frames.payloads).await else {
                return;
            };
            for damaged in &frames.damaged {
                self.set_aside(damaged, "the journal does not read back");
            }
            self.journal.settle(frames.bytes);
            let worked = self.clock.monotonic().saturating_sub(began);
            let waited = self.measures.lag(oldest, self.clock.now_ms());
            let rest = DUTY.rest(worked, waited);
            if self.journal.unsettled() < MAX_READ {
                self.wait(rest.max(GATHER)).await;
            } else {
                self.wait(rest).await;
            }
        }
    }

    /// Rests, unless a reader is waiting or the process is stopping.
    async fn wait(&self, rest: Duration) {
        tokio::select! {
            () = sleep(rest) => {}
            () = self.journal.hurried() => {}
            () = self.tasks.stopping().cancelled() => {}
        }
    }

    /// Returns when the first of them was answered, in epoch milliseconds.
    pub(super) async fn write_payloads(
        &self,
        payloads: &[Vec<u8>],
    ) -> Result<Option<i64>, StillAway> {
        let mut batch = Vec::with_capacity(payloads.len());
        for payload in payloads {
            match Entry::open(payload) {
                Some(entry) => batch.push(entry),
                None => self.set_aside(payload, "an entry of the journal has an unknown form"),
            }
        }
        self.write(&batch).await?;
        Ok(batch.first().map(|entry| entry.row.processed_at))
    }

    /// Commits the batch, retrying until it succeeds.
    async fn write(&self, batch: &[Entry<'_>]) -> Result<(), StillAway> {
        let mut tried = 0;
        loop {
            tried += 1;
            let Err(error) = self.commit(batch).await else {
                return Ok(());
            };
            match &error {
                DbError::Unique(_) | DbError::Refused(_) | DbError::Corrupt { .. } => {
                    return self.write_singly(batch, error).await;
                }
                // Logged once; the entries stay until somebody mends it.
                DbError::Statement(error) if tried == 1 => {
                    tracing::error!(error = %Chain(error), "inquiries cannot be recorded and wait in the journal");
                }
                DbError::Statement(_) | DbError::Unavailable(_) => {}
            }
            let oldest = batch.first().map(|entry| entry.row.processed_at);
            self.measures.lag(oldest, self.clock.now_ms());
            if self.tasks.stopping().is_cancelled() && tried >= HURRIED {
                tracing::warn!(error = %Chain(&error), "inquiries stay in the journal");
                return Err(StillAway);
            }
            sleep(PAUSE).await;
        }
    }

    /// One entry that the database will never accept must not block the others.
    async fn write_singly(&self, batch: &[Entry<'_>], error: DbError) -> Result<(), StillAway> {
        if let [entry] = batch {
            tracing::error!(error = %Chain(&error), "the database refuses an inquiry");
            self.set_aside(entry.payload, "an inquiry is not recorded");
            return Ok(());
        }
        for entry in batch {
            Box::pin(self.write(std::slice::from_ref(entry))).await?;
        }
        Ok(())
    }

    async fn commit(&self, batch: &[Entry<'_>]) -> Result<(), DbError> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin_write().await?;
        store_inquiry::insert_all(&mut tx, batch).await?;
        tx.commit().await?;
        self.bell.ring_softly();
        Ok(())
    }

    pub(super) fn set_aside(&self, bytes: &[u8], reason: &str) {
        self.measures.set_aside();
        match set_aside(self.journal.root(), bytes) {
            Ok(file) => tracing::error!(reason, ?file, bytes = bytes.len(), "set aside"),
            Err(error) => {
                self.measures.lost();
                tracing::error!(reason, %error, "lost");
            }
        }
    }
}
