//! The log of the current thread.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tracing::subscriber::DefaultGuard;

/// Records from [`Log::listen`] until dropped; only the thread that made it, so the test needs a
/// single-threaded runtime.
pub struct Log {
    lines: Lines,
    _listening: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub fn listen() -> Self {
        let lines = Lines::default();
        let written = lines.clone();
        let log = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || written.clone())
            .finish();
        Self {
            lines,
            _listening: tracing::subscriber::set_default(log),
        }
    }

    /// The lines so far that contain `text`.
    pub fn with(&self, text: &str) -> Vec<String> {
        let lines = self.lines.0.lock().unwrap();
        let lines = String::from_utf8_lossy(&lines);
        let holding = lines.lines().filter(|line| line.contains(text));
        holding.map(str::to_owned).collect()
    }
}
