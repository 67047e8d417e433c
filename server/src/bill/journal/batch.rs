//! Entries that are written together: those of all who are ready to be answered at one moment.

use super::{frame::Frame, writer::NotKept};
use std::{
    io,
    sync::{Arc, OnceLock},
};

/// What became of a batch: how many entries the journal has taken with it.
type Written = Result<u64, Arc<io::Error>>;

/// Entries that wait for the next `write`.
#[derive(Default)]
pub struct Batch {
    bytes: Vec<u8>,
    entries: u64,
    outcome: Outcome,
}

/// Told to everybody whose entry is in the batch.
#[derive(Clone, Default)]
pub struct Outcome(Arc<OnceLock<Written>>);

impl Batch {
    pub fn add(&mut self, frame: &Frame) -> Outcome {
        self.bytes.extend(frame.bytes());
        self.entries += 1;
        self.outcome.clone()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many entries it has.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Tells what became of it; the next one begins empty.
    pub fn end(&mut self, written: Result<u64, io::Error>) {
        // Nobody else tells it.
        let _ = self.outcome.0.set(written.map_err(Arc::new));
        self.bytes.clear();
        (self.entries, self.outcome) = (0, Outcome::default());
    }
}

impl Outcome {
    /// `None` before the `write`.
    pub fn get(&self) -> Option<Result<u64, NotKept>> {
        let written = self.0.get()?.clone();
        Some(written.map_err(NotKept::Failed))
    }
}
