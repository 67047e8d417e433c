//! Handing entries out, oldest first, until they are committed.

use super::{
    segment::{self, Frames, MAX_READ},
    writer::Journal,
};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    sync::Arc,
};

impl Journal {
    /// Resolves when something was written since it resolved last.
    pub async fn written(&self) {
        self.0.written.notified().await;
    }

    /// Resolves when somebody has begun to wait for what is not committed since it resolved last.
    pub async fn hurried(&self) {
        self.0.hurried.notified().await;
    }

    /// Waits until all that has been taken in so far is committed.
    pub async fn all_settled(&self) {
        let mut settled = self.0.settled.subscribe();
        let wanted = {
            let state = self.lock();
            *settled.borrow() + state.unsettled
        };
        if *settled.borrow() < wanted {
            self.0.hurried.notify_one();
            // The journal holds the sender, so there is always an answer.
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
        if frames.bytes == 0 && frames.damaged.is_none() {
            // Somebody has cut the file: what should be there is not a frame's beginning any more.
            frames.damaged = Some(bytes);
        }
        Ok(Some(frames))
    }

    fn front(&self) -> Option<(Arc<File>, u64, u64)> {
        let mut state = self.lock();
        self.write(&mut state);
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

    /// So many bytes of the oldest entries are committed.
    pub fn settle(&self, bytes: u64) {
        let mut state = self.lock();
        state.unsettled = state.unsettled.saturating_sub(bytes);
        self.0.measures.waiting(state.unsettled);
        self.0.settled.send_modify(|settled| *settled += bytes);
        if let Some(front) = state.segments.front_mut() {
            front.settled = (front.settled + bytes).min(front.written);
        }
    }

    /// Gives up what is left of the oldest segment.
    pub fn settle_segment(&self) {
        let left = self.lock().segments.front_mut().map(|front| {
            front.closed = true;
            front.written - front.settled
        });
        self.settle(left.unwrap_or(0));
    }

    /// Removes the folder when everything in it is committed; else the next process finds it.
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
