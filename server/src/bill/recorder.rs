//! Writing what was asked and answered, beside the customer's path, so that a kill loses nothing.
//!
//! An inquiry is in the journal before its answer leaves; one worker commits whatever has gathered
//! there in one transaction: request, result and event together, or none of them. Where the journal
//! cannot take it (disk full, folder not writable, at its limit, shutting down) the inquiry is
//! committed before it is answered; where that fails too, it is not answered.

use super::{
    journal::{self, Entry, Frame, Joined, Journal, MAX_READ, NotKept, set_aside},
    measures::JournalMeasures,
    record::InquiryDone,
    store_inquiry,
};
use crate::{
    clock::Clock,
    db::{Db, DbError},
    error::AppError,
    outbox::OutboxBell,
    resilience::Duty,
    tasks::Tasks,
};
use app::problem::ProblemCode;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Between two tries while the database, or the disk, is away.
const PAUSE: Duration = Duration::from_millis(500);
/// Tries while shutting down; what is left then stays in the journal.
const HURRIED: u32 = 3;
/// Between two commits: what comes within this goes into the same one.
const GATHER: Duration = Duration::from_millis(50);
/// While more waits than one commit takes; no rest once it is late.
const DUTY: Duty = Duty::a_twentieth(0);
/// How long a reader waits for what is being committed.
const READER_PATIENCE: Duration = Duration::from_millis(500);
/// How often folders of dead processes are looked for.
const ADOPT_EVERY: Duration = Duration::from_secs(10);

/// Takes records; cloning shares the worker.
#[derive(Clone)]
pub struct Recorder {
    journal: Journal,
    writer: Writer,
}

#[derive(Clone)]
pub(super) struct Writer {
    db: Db,
    bell: OutboxBell,
    measures: JournalMeasures,
    clock: Clock,
    tasks: Tasks,
    pub(super) journal: Journal,
}

/// An inquiry that is noted down, and may not be answered before it is kept.
#[must_use = "it is not safe from a kill before `Recorder::keep`"]
pub struct Note {
    frame: Frame,
    joined: Result<Joined, NotKept>,
}

/// Some entries could not be committed; they are still where they came from.
pub(super) struct StillAway;

impl Recorder {
    /// Starts the worker among `tasks`.
    pub fn start(
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
            tasks: tasks.clone(),
            journal: journal.clone(),
        };
        tasks.start(writer.clone().work());
        Self { journal, writer }
    }

    /// Notes the inquiry down. It is safe from a kill once [`Recorder::keep`] has returned.
    ///
    /// # Errors
    /// When the inquiry has no JSON form.
    pub fn note(&self, done: &InquiryDone<'_>) -> Result<Note, AppError> {
        let frame = journal::frame(done)
            .map_err(|error| AppError::because(ProblemCode::Internal, error))?;
        let joined = self.journal.join(&frame);
        Ok(Note { frame, joined })
    }

    /// Makes the note safe from a kill. Who leaves meanwhile has not been answered.
    ///
    /// # Errors
    /// [`ProblemCode::Unavailable`] when neither the journal nor the database takes it: then the
    /// inquiry must not be answered.
    pub async fn keep(&self, note: Note) -> Result<(), AppError> {
        let kept = match note.joined {
            Ok(joined) => joined.kept().await,
            Err(not_kept) => Err(not_kept),
        };
        match kept {
            Ok(()) => Ok(()),
            // Boxed: what hardly ever happens is not carried by every inquiry.
            Err(not_kept) => Box::pin(self.commit_now(note.frame, not_kept)).await,
        }
    }

    async fn commit_now(&self, frame: Frame, not_kept: NotKept) -> Result<(), AppError> {
        if let NotKept::Failed(error) = &not_kept {
            tracing::error!(%error, "the journal cannot be written; inquiries wait for the database");
        }
        let writer = self.writer.clone();
        let commit = async move {
            match Entry::open(frame.payload()) {
                Some(entry) => Ok(writer.commit(&[entry]).await?),
                None => Err(AppError::new(ProblemCode::Internal)),
            }
        };
        self.writer.tasks.finish(commit).await?
    }

    /// Waits a moment until the database has what this process has answered so far.
    pub async fn caught_up(&self) {
        if timeout(READER_PATIENCE, self.journal.all_settled())
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
        let mut adoption = tokio::time::interval(ADOPT_EVERY);
        loop {
            tokio::select! {
                () = stopping.cancelled() => break,
                () = self.journal.written() => {
                    self.wait(GATHER).await;
                    self.empty().await;
                }
                _ = adoption.tick() => self.adopt().await,
            }
        }
        // What comes from now on is committed before it is answered.
        self.journal.close();
        self.empty().await;
        self.journal.remove();
    }

    /// Commits what the journal holds; on the way out, only as far as the database goes along.
    async fn empty(&self) {
        loop {
            let frames = match self.journal.oldest().await {
                Ok(Some(frames)) => frames,
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read");
                    if self.tasks.stopping().is_cancelled() {
                        return;
                    }
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let began = self.clock.monotonic();
            let Ok(oldest) = self.write_payloads(&frames.payloads).await else {
                return;
            };
            self.journal.settle(frames.bytes);
            if let Some(damaged) = frames.damaged {
                self.set_aside(&damaged, "the journal does not read back");
                self.journal.settle_segment();
            }
            let worked = self.clock.monotonic().saturating_sub(began);
            let waited = oldest.map_or(0, |oldest| self.clock.now_ms() - oldest);
            let waited = Duration::from_millis(u64::try_from(waited).unwrap_or(0));
            self.measures.lag(waited);
            let rest = DUTY.rest(worked, waited);
            if self.journal.unsettled() < MAX_READ {
                self.wait(rest.max(GATHER)).await;
            } else {
                self.wait(rest).await;
            }
        }
    }

    /// Lets time pass, unless somebody waits for what is to come or the process is to end.
    async fn wait(&self, rest: Duration) {
        tokio::select! {
            () = sleep(rest) => {}
            () = self.journal.hurried() => {}
            () = self.tasks.stopping().cancelled() => {}
        }
    }

    /// Gives when the first of them was answered.
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

    /// Commits the batch, as often as it takes.
    async fn write(&self, batch: &[Entry<'_>]) -> Result<(), StillAway> {
        for tried in 1.. {
            let error = match self.commit(batch).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if !matches!(error, DbError::Unavailable(_)) {
                return self.write_singly(batch, error).await;
            }
            if self.tasks.stopping().is_cancelled() && tried >= HURRIED {
                tracing::warn!(%error, "the database is away; inquiries stay in the journal");
                return Err(StillAway);
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// One entry that the database refuses must not take the others along.
    async fn write_singly(&self, batch: &[Entry<'_>], error: DbError) -> Result<(), StillAway> {
        if let [entry] = batch {
            let error = format!("{:#}", anyhow::Error::from(error));
            tracing::error!(error, "the database refuses an inquiry");
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
        match set_aside(self.journal.root(), bytes) {
            Ok(file) => tracing::error!(reason, ?file, bytes = bytes.len(), "set aside"),
            Err(error) => tracing::error!(reason, %error, "lost"),
        }
    }
}
