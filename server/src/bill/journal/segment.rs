//! One file of frames, and reading it.

use super::frame::{self, Next};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A segment is closed beyond this; bytes.
pub const FULL: u64 = 4 << 20;
/// Read at a time; bytes.
pub const MAX_READ: u64 = frame::LONGEST as u64;

/// A file that is being written or is complete, and how far it is committed.
pub struct Segment {
    pub file: Arc<File>,
    pub path: PathBuf,
    /// Bytes of whole frames.
    pub written: u64,
    /// Bytes of them that are in the database.
    pub settled: u64,
    /// Closed: nothing is added any more.
    pub closed: bool,
}

impl Segment {
    pub fn new(path: PathBuf, file: File) -> Self {
        Self {
            file: Arc::new(file),
            path,
            written: 0,
            settled: 0,
            closed: false,
        }
    }

    /// Adds a frame. Bytes that a failed write leaves behind the end are overwritten by the next
    /// write, if any.
    pub fn append(&mut self, frame: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all_at(frame, self.written) {
            self.closed = true;
            // Best effort: the reader stops at `written`, and after a kill at the checksum.
            let _ = self.file.set_len(self.written);
            return Err(error);
        }
        self.written += frame.len() as u64;
        self.closed = self.written >= FULL;
        Ok(())
    }

    pub fn has_room(&self) -> bool {
        !self.closed
    }

    pub fn is_spent(&self) -> bool {
        self.closed && self.settled == self.written
    }
}

/// Frames read from one place.
#[derive(Default)]
pub struct Frames {
    pub payloads: Vec<Vec<u8>>,
    /// Damaged bytes between them.
    pub damaged: Vec<Vec<u8>>,
    /// Bytes read, frames and damage together.
    pub bytes: u64,
}

/// The frames at the beginning of those bytes.
pub fn split(bytes: &[u8]) -> Frames {
    let (mut rest, mut frames) = (bytes, Frames::default());
    loop {
        rest = match frame::next(rest) {
            Next::Payload(payload, after) => {
                frames.payloads.push(payload.to_vec());
                after
            }
            Next::Damaged(damaged, after) => {
                frames.damaged.push(damaged.to_vec());
                after
            }
            Next::End => break,
        }
    }
    frames.bytes = (bytes.len() - rest.len()) as u64;
    frames
}

/// The frames of a dead process's segment. A frame cut off by the kill was never answered.
///
/// # Errors
/// When the file cannot be read.
pub fn read_segment(path: &Path) -> io::Result<Frames> {
    Ok(split(&fs::read(path)?))
}
