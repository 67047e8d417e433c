//! Taking entries in.

use super::{
    batch::{Batch, Outcome},
    folder::OwnFolder,
    frame::Frame,
    segment::{MAX_READ, Segment},
};
use crate::{bill::measures::JournalMeasures, clock::Clock, config::BillConfig, ids::Ids};
use std::{
    collections::VecDeque,
    io, mem,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Mutex as AsyncMutex, Notify, watch},
    task::yield_now,
};

/// After a write has failed the disk is left alone for so long.
const PAUSE: Duration = Duration::from_secs(1);

/// Why an entry is not in the journal.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    #[error("the journal is closed")]
    Closed,
    #[error("the journal is at its limit")]
    Full,
    #[error("the journal could not be written a moment ago")]
    Resting,
    #[error("the journal cannot be written")]
    Failed(#[source] Arc<io::Error>),
}

/// A frame that the journal has taken in.
#[must_use = "it is not kept before the batch is written"]
pub struct Joined {
    journal: Journal,
    outcome: Outcome,
}

impl Joined {
    /// Waits until the frame is written; when this returns, a kill no longer loses it. Whoever does
    /// not wait for it leaves it to the others, or to the reader.
    ///
    /// # Errors
    /// [`NotKept`]: the caller must find another way before it answers.
    pub async fn kept(self) -> Result<(), NotKept> {
        // Whoever is ready to be answered joins first; then the first to come back writes for all.
        yield_now().await;
        let written = self.outcome.get().or_else(|| {
            self.journal.write(&mut self.journal.lock());
            self.outcome.get()
        });
        let taken = written.unwrap_or(Err(NotKept::Closed))?;
        if self.journal.0.config.journal_fsync {
            let synced = self.journal.sync(taken).await;
            synced.map_err(|error| NotKept::Failed(Arc::new(error)))?;
        }
        Ok(())
    }
}

/// The journal of this process; cloning shares it.
#[derive(Clone)]
pub struct Journal(pub(super) Arc<Shared>);

pub(super) struct Shared {
    config: BillConfig,
    pub(super) measures: JournalMeasures,
    ids: Ids,
    clock: Clock,
    state: Mutex<State>,
    pub(super) written: Notify,
    pub(super) hurried: Notify,
    /// Bytes committed so far.
    pub(super) settled: watch::Sender<u64>,
    /// Entries that have reached the disk; whoever holds it is waiting for the disk.
    synced: AsyncMutex<u64>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) folder: Option<OwnFolder>,
    /// Read at the front, written at the back.
    pub(super) segments: VecDeque<Segment>,
    segments_made: u32,
    /// Not written yet; nobody in it is answered yet.
    batch: Batch,
    /// Bytes not committed yet.
    pub(super) unsettled: u64,
    /// Entries taken in.
    taken: u64,
    closed: bool,
    rests_until: Option<Duration>,
}

impl Journal {
    /// Touches no file before the first entry comes.
    pub fn new(config: BillConfig, measures: JournalMeasures, ids: Ids, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            config,
            measures,
            ids,
            clock,
            state: Mutex::default(),
            written: Notify::new(),
            hurried: Notify::new(),
            settled: watch::Sender::default(),
            synced: AsyncMutex::default(),
        }))
    }

    /// Where all processes have their folders.
    pub fn root(&self) -> &Path {
        &self.0.config.journal_dir
    }

    /// Takes a frame in. It is not kept yet: [`Joined::kept`].
    ///
    /// # Errors
    /// [`NotKept`]: the caller must find another way before it answers.
    pub fn join(&self, frame: &Frame) -> Result<Joined, NotKept> {
        let mut state = self.lock();
        let now = self.0.clock.monotonic();
        if state.closed {
            return Err(NotKept::Closed);
        }
        let length = frame.bytes().len() as u64;
        let waiting = state.unsettled + state.batch.bytes().len() as u64;
        if length > MAX_READ || waiting + length > self.0.config.journal_limit {
            return Err(NotKept::Full);
        }
        if state.rests_until.is_some_and(|until| now < until) {
            return Err(NotKept::Resting);
        }
        let outcome = state.batch.add(frame);
        drop(state);
        self.0.written.notify_one();
        Ok(Joined {
            journal: self.clone(),
            outcome,
        })
    }

    /// Writes what has gathered.
    pub(super) fn write(&self, state: &mut State) {
        if state.batch.entries() == 0 {
            return;
        }
        let mut batch = mem::take(&mut state.batch);
        let written = self.write_to(state, batch.bytes());
        if written.is_ok() {
            state.unsettled += batch.bytes().len() as u64;
            self.0.measures.waiting(state.unsettled);
            state.taken += batch.entries();
        } else {
            state.rests_until = Some(self.0.clock.monotonic() + PAUSE);
        }
        batch.end(written.map(|()| state.taken));
        state.batch = batch;
    }

    fn write_to(&self, state: &mut State, frames: &[u8]) -> io::Result<()> {
        if !state.segments.back().is_some_and(Segment::has_room) {
            let folder = match state.folder.take() {
                Some(folder) => folder,
                None => OwnFolder::create(self.root(), &self.0.ids)?,
            };
            let folder = state.folder.insert(folder);
            state.segments_made += 1;
            let (path, file) = folder.create_segment(state.segments_made)?;
            if self.0.config.journal_fsync {
                folder.sync()?;
                if let Some(last) = state.segments.back() {
                    last.file.sync_data()?;
                }
            }
            state.segments.push_back(Segment::new(path, file));
        }
        match state.segments.back_mut() {
            Some(segment) => segment.append(frames),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Waits until that many entries have reached the disk. Those who wait together share one wait.
    async fn sync(&self, taken: u64) -> io::Result<()> {
        let mut synced = self.0.synced.lock().await;
        if *synced >= taken {
            return Ok(());
        }
        let (upto, file) = {
            let state = self.lock();
            let file = state.segments.back().map(|segment| segment.file.clone());
            (state.taken, file)
        };
        // No segment: everything is committed already.
        if let Some(file) = file {
            let waited = tokio::task::spawn_blocking(move || file.sync_data());
            waited.await.map_err(io::Error::other)??;
        }
        *synced = upto;
        Ok(())
    }

    /// Takes nothing in any more.
    pub fn close(&self) {
        let mut state = self.lock();
        self.write(&mut state);
        state.closed = true;
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
