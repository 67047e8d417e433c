//! The journal of this process: adding entries, and handing them to the recorder.

use super::{
    folder::OwnFolder,
    frame::Frame,
    segment::{self, Frames, MAX_READ, Segment},
};
use crate::{bill::measures::JournalMeasures, clock::Clock, config::BillConfig, ids::Ids};
use std::{
    collections::VecDeque,
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Mutex as AsyncMutex, Notify, watch};

/// The pause after a failed write.
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
    Failed(#[from] io::Error),
}

/// The journal of this process; cloning shares it.
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    config: BillConfig,
    measures: JournalMeasures,
    ids: Ids,
    clock: Clock,
    state: Mutex<State>,
    written: Notify,
    hurried: Notify,
    /// Bytes committed so far.
    settled: watch::Sender<u64>,
    /// Entries on disk; the holder of the lock is waiting for the disk.
    synced: AsyncMutex<u64>,
}

#[derive(Default)]
struct State {
    folder: Option<OwnFolder>,
    /// Read at the front, written at the back.
    segments: VecDeque<Segment>,
    segments_made: u32,
    /// Bytes not committed yet.
    unsettled: u64,
    /// Entries taken in.
    taken: u64,
    closed: bool,
    rests_until: Option<Duration>,
}

impl Journal {
    /// Touches no file before the first entry.
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

    /// The root of the folders of all processes.
    pub fn root(&self) -> &Path {
        &self.0.config.journal_dir
    }

    /// Writes a frame; after the return, a kill no longer loses it.
    ///
    /// # Errors
    /// [`NotKept`]: the caller must find another way before it answers.
    pub async fn append(&self, frame: &Frame) -> Result<(), NotKept> {
        let taken = self.write(frame.bytes())?;
        self.0.written.notify_one();
        if self.0.config.journal_fsync {
            self.sync(taken).await?;
        }
        Ok(())
    }

    /// Returns the number of entries taken so far.
    fn write(&self, frame: &[u8]) -> Result<u64, NotKept> {
        let mut state = self.lock();
        let now = self.0.clock.monotonic();
        if state.closed {
            return Err(NotKept::Closed);
        }
        let length = frame.len() as u64;
        if length > MAX_READ || state.unsettled + length > self.0.config.journal_limit {
            return Err(NotKept::Full);
        }
        if state.rests_until.is_some_and(|until| now < until) {
            return Err(NotKept::Resting);
        }
        match self.write_to(&mut state, frame) {
            Ok(()) => {
                state.unsettled += length;
                self.0.measures.waiting(state.unsettled);
                state.taken += 1;
                Ok(state.taken)
            }
            Err(error) => {
                state.rests_until = Some(now + PAUSE);
                Err(error.into())
            }
        }
    }

    fn write_to(&self, state: &mut State, frame: &[u8]) -> io::Result<()> {
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
            Some(segment) => segment.append(frame),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Waits until that many entries are on disk. Concurrent callers share one wait.
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

    /// Resolves when something was written since it last resolved.
    pub async fn written(&self) {
        self.0.written.notified().await;
    }

    /// Resolves when a reader has begun to wait for uncommitted entries since it last resolved.
    pub async fn hurried(&self) {
        self.0.hurried.notified().await;
    }

    /// Waits until everything taken in so far is committed.
    pub async fn all_settled(&self) {
        let mut settled = self.0.settled.subscribe();
        let wanted = {
            let state = self.lock();
            *settled.borrow() + state.unsettled
        };
        if *settled.borrow() < wanted {
            self.0.hurried.notify_one();
            // The journal holds the sender, so receiving never fails.
            let _ = settled.wait_for(|settled| *settled >= wanted).await;
        }
    }

    /// Bytes that are not committed.
    pub fn unsettled(&self) -> u64 {
        self.lock().unsettled
    }

    /// The oldest entries that are not committed; `None` when there are none.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn oldest(&self) -> io::Result<Option<Frames>> {
        let Some((file, from, until)) = self.front() else {
            return Ok(None);
        };
        let read = tokio::task::spawn_blocking(move || read_at(&file, from, until));
        let bytes = read.await.map_err(io::Error::other)??;
        let mut frames = segment::split(&bytes);
        if frames.bytes == bytes.len() as u64
            && !frames.payloads.is_empty()
            && let Some(last) = frames.damaged.pop_if(|last| bytes.ends_with(last))
        {
            // It may hold the beginning of a whole frame: read again, with what follows.
            frames.bytes -= last.len() as u64;
        }
        if frames.bytes == 0 {
            // The file has been truncated: the rest is no frame's beginning.
            frames.damaged.push(bytes);
            frames.bytes = until - from;
        }
        Ok(Some(frames))
    }

    fn front(&self) -> Option<(Arc<File>, u64, u64)> {
        let mut state = self.lock();
        loop {
            let front = state.segments.front()?;
            if front.settled < front.written {
                let until = front.written.min(front.settled + MAX_READ);
                return Some((front.file.clone(), front.settled, until));
            }
            if !front.is_spent() {
                return None;
            }
            if let Err(error) = fs::remove_file(&front.path) {
                tracing::warn!(%error, "a committed segment of the journal stays");
            }
            state.segments.pop_front();
        }
    }

    /// That many bytes of the oldest entries are committed.
    pub fn settle(&self, bytes: u64) {
        let mut state = self.lock();
        state.unsettled = state.unsettled.saturating_sub(bytes);
        self.0.measures.waiting(state.unsettled);
        self.0.settled.send_modify(|settled| *settled += bytes);
        if let Some(front) = state.segments.front_mut() {
            front.settled = (front.settled + bytes).min(front.written);
        }
    }

    /// Refuses further entries.
    pub fn close(&self) {
        self.lock().closed = true;
    }

    /// Removes the folder if everything in it is committed; otherwise the next process takes it
    /// over.
    pub fn remove(&self) {
        let mut state = self.lock();
        if state.unsettled > 0 {
            tracing::warn!(
                bytes = state.unsettled,
                "the journal waits for the next start"
            );
            return;
        }
        state.segments.clear();
        if let Some(folder) = state.folder.take()
            && let Err(error) = folder.remove()
        {
            tracing::warn!(%error, "the empty journal stays");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_at(file: &File, from: u64, until: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(until - from).map_err(io::Error::other)?;
    let (mut bytes, mut read) = (vec![0; length], 0);
    while read < length {
        match file.read_at(&mut bytes[read..], from + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    bytes.truncate(read);
    Ok(bytes)
}
