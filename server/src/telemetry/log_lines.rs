//! The log's writer: lines are gathered for a moment, so that a busy server writes many at once.
//!
//! A warning is written at once, with everything before it. A process that is killed loses the other lines
//! of its last [`WITHIN`].

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// The longest that a line waits.
pub const WITHIN: Duration = Duration::from_millis(20);
/// Bytes beyond which nothing more is gathered.
const MOST: usize = 16 << 10;

/// The lines that wait. Clones share them.
pub struct LogLines<W>(Arc<Shared<W>>);

struct Shared<W> {
    state: Mutex<State<W>>,
    /// The first line after an idle time.
    first: Condvar,
}

struct State<W> {
    lines: Vec<u8>,
    out: W,
}

/// Adds one line.
pub struct Line<'a, W> {
    to: &'a LogLines<W>,
    at_once: bool,
}

impl<W: Write + Send + 'static> LogLines<W> {
    /// Starts the thread that writes the waiting lines.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(out: W) -> io::Result<Self> {
        let lines = Vec::with_capacity(2 * MOST);
        let lines = Self(Arc::new(Shared {
            state: Mutex::new(State { lines, out }),
            first: Condvar::new(),
        }));
        let writer = lines.clone();
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer.work())?;
        Ok(lines)
    }

    fn work(&self) {
        loop {
            let quiet = |state: &mut State<W>| state.lines.is_empty();
            drop(self.0.first.wait_while(self.state(), quiet));
            thread::sleep(WITHIN);
            self.flush();
        }
    }
}

impl<W: Write> LogLines<W> {
    /// Writes the waiting lines.
    pub fn flush(&self) {
        self.state().write();
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write> State<W> {
    fn write(&mut self) {
        let mut lines = mem::take(&mut self.lines);
        // A log that cannot be written has nowhere to report it.
        let _ = self.out.write_all(&lines);
        lines.clear();
        self.lines = lines;
    }
}

impl<W> Clone for LogLines<W> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, W: Write + 'a> MakeWriter<'a> for LogLines<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            to: self,
            at_once: true,
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        Line {
            to: self,
            at_once: *meta.level() <= Level::WARN,
        }
    }
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.to.state();
        if state.lines.is_empty() {
            self.to.0.first.notify_one();
        }
        state.lines.extend(line);
        if self.at_once || state.lines.len() >= MOST {
            state.write();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::LogLines;
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex, mpsc},
    };
    use tracing_subscriber::{fmt, layer::SubscriberExt};

    /// What was written, and word of each `write`.
    #[derive(Clone)]
    struct Paper(Arc<Mutex<Vec<Vec<u8>>>>, mpsc::Sender<()>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.to_vec());
            let _ = self.1.send(());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_gather_for_a_moment_and_a_warning_takes_them_along_at_once() {
        let (tell, written) = mpsc::channel();
        let paper = Paper(Arc::default(), tell);
        let lines = LogLines::start(paper.clone()).unwrap();
        let layer = fmt::layer().with_writer(lines.clone()).without_time();
        let log = tracing_subscriber::registry().with(layer.with_target(false));
        let seen = || -> Vec<String> {
            let writes = paper.0.lock().unwrap();
            let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
            writes.iter().map(text).collect()
        };
        tracing::subscriber::with_default(log, || {
            tracing::info!("one");
            tracing::info!("two");
            tracing::warn!("three");
            assert!(seen().concat().ends_with("three\n"));
            assert_eq!(seen().concat().lines().count(), 3);
            while written.try_recv().is_ok() {}
            tracing::info!("four");
        });
        written.recv().unwrap();
        assert!(seen().concat().ends_with("four\n"));
    }
}
