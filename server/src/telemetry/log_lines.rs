//! The log's writer: lines are gathered for a moment, so that a busy server writes many at once.
//!
//! Only a thread of its own writes: whoever logs never waits for whoever reads the log. A reader that stops
//! reading costs the lines beyond [`LIMIT`], which are counted; it must not stop the server. A warning wakes
//! the thread at once, which writes everything before it too. A process that is killed loses the other
//! lines of its last [`WITHIN`].

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
/// Bytes that may wait while nobody reads the log.
const LIMIT: usize = 1 << 20;

/// What the log says of so many lines that were dropped: a line, in the log's form.
pub type Notice = fn(dropped: u64) -> String;

/// The lines that wait. Clones share them.
#[derive(Clone)]
pub struct LogLines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something to write, or something urgent.
    work: Condvar,
    /// Something was written.
    progress: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    /// Nothing more is gathered.
    urgent: bool,
    /// Lines that found no room since the last write began.
    dropped: u64,
    /// Bytes ever put here, and those of them that were written.
    put: u64,
    written: u64,
}

/// Adds one line.
pub struct Line<'a> {
    to: &'a LogLines,
    at_once: bool,
}

impl LogLines {
    /// Starts the thread that writes the waiting lines to `out`, after they have gathered for `within`.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(
        out: impl Write + Send + 'static,
        within: Duration,
        notice: Notice,
    ) -> io::Result<Self> {
        let lines = Self(Arc::default());
        let writer = lines.clone();
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer.write_on(out, within, notice))?;
        Ok(lines)
    }

    /// Waits until everything so far is written, for that long at most.
    pub fn flush(&self, at_most: Duration) {
        let mut state = self.state();
        let all = state.put;
        state.urgent = true;
        self.0.work.notify_one();
        let unwritten = |state: &mut State| state.written < all;
        drop(
            self.0
                .progress
                .wait_timeout_while(state, at_most, unwritten),
        );
    }

    fn write_on(&self, mut out: impl Write, within: Duration, notice: Notice) {
        let mut lines = Vec::new();
        loop {
            let mut state = self.gathered(within);
            mem::swap(&mut state.lines, &mut lines);
            let (dropped, put) = (mem::take(&mut state.dropped), state.put);
            state.urgent = false;
            drop(state);
            if dropped > 0 {
                lines.extend(notice(dropped).as_bytes());
                lines.push(b'\n');
            }
            // A log that cannot be written has nowhere to report it.
            let _ = out.write_all(&lines);
            lines.clear();
            lines.shrink_to(2 * MOST);
            self.state().written = put;
            self.0.progress.notify_all();
        }
    }

    /// Waits for a first line, and for more.
    fn gathered(&self, within: Duration) -> MutexGuard<'_, State> {
        let idle = |state: &mut State| state.lines.is_empty();
        let more = |state: &mut State| !state.urgent;
        let first = self.0.work.wait_while(self.state(), idle);
        let first = first.unwrap_or_else(PoisonError::into_inner);
        let all = self.0.work.wait_timeout_while(first, within, more);
        all.unwrap_or_else(PoisonError::into_inner).0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for LogLines {
    type Writer = Line<'a>;

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

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.to.state();
        if state.lines.len() + line.len() > LIMIT {
            state.dropped += 1;
            return Ok(line.len());
        }
        let first = state.lines.is_empty();
        state.lines.extend(line);
        state.put += line.len() as u64;
        let urgent = self.at_once || state.lines.len() >= MOST;
        let hurry = urgent && !state.urgent;
        state.urgent |= urgent;
        drop(state);
        if first || hurry {
            self.to.0.work.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, LogLines, WITHIN};
    use crate::clock::Clock;
    use std::{
        io::{self, Write},
        sync::mpsc,
        thread,
        time::Duration,
    };
    use tracing::Subscriber;
    use tracing_subscriber::{fmt, layer::SubscriberExt};

    /// As good as for ever.
    const LONG: Duration = Duration::from_secs(3_600);

    /// Tells of each `write`, and waits in it while `reads` has a sender that says nothing.
    struct Paper {
        written: mpsc::Sender<String>,
        reads: Option<mpsc::Receiver<()>>,
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let _ = self.written.send(text);
            if let Some(reads) = &self.reads {
                let _ = reads.recv();
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn dropped(lines: u64) -> String {
        format!("{lines} dropped")
    }

    fn log(lines: &LogLines) -> impl Subscriber + Send + Sync + use<> {
        let layer = fmt::layer().with_writer(lines.clone()).without_time();
        tracing_subscriber::registry().with(layer.with_target(false).with_ansi(false))
    }

    #[test]
    fn lines_gather_for_a_moment() {
        let (written, writes) = mpsc::channel();
        let paper = Paper {
            written,
            reads: None,
        };
        let lines = LogLines::start(paper, WITHIN, dropped).unwrap();
        tracing::subscriber::with_default(log(&lines), || tracing::info!("one"));
        assert_eq!(writes.recv().unwrap(), " INFO one\n");
    }

    #[test]
    fn a_warning_and_the_end_take_the_others_along_at_once() {
        let (written, writes) = mpsc::channel();
        let paper = Paper {
            written,
            reads: None,
        };
        let lines = LogLines::start(paper, LONG, dropped).unwrap();
        tracing::subscriber::with_default(log(&lines), || {
            tracing::info!("one");
            tracing::info!("two");
            tracing::warn!("three");
            assert_eq!(
                writes.recv().unwrap(),
                " INFO one\n INFO two\n WARN three\n"
            );
            tracing::info!("four");
        });
        lines.flush(LONG);
        assert_eq!(writes.try_recv().unwrap(), " INFO four\n");
    }

    #[test]
    fn who_logs_does_not_wait_for_who_reads() {
        let (written, writes) = mpsc::channel();
        let (read, reads) = mpsc::channel();
        let paper = Paper {
            written,
            reads: Some(reads),
        };
        let lines = LogLines::start(paper, WITHIN, dropped).unwrap();
        let (said, all_said) = mpsc::channel();
        let logs = lines.clone();
        thread::spawn(move || {
            let clock = Clock::system();
            tracing::subscriber::with_default(log(&logs), || tracing::warn!("stuck"));
            let long = "x".repeat(500);
            tracing::subscriber::with_default(log(&logs), || {
                for _ in 0..10_000 {
                    tracing::info!("{long}");
                }
            });
            let warns = log(&logs);
            let warning = move || tracing::subscriber::with_default(warns, || tracing::warn!("w"));
            thread::spawn(warning).join().unwrap();
            logs.flush(Duration::from_millis(1));
            let _ = said.send(clock.monotonic());
        });
        let took = all_said.recv_timeout(Duration::from_secs(10));
        assert!(took.is_ok(), "it waits for the reader");
        drop(read);
        lines.flush(LONG);
        let text: String = writes.try_iter().collect();
        let counts = text
            .lines()
            .filter_map(|line| line.strip_suffix(" dropped"));
        let dropped: usize = counts.map(|count| count.parse::<usize>().unwrap()).sum();
        let kept = text
            .lines()
            .filter(|line| !line.ends_with(" dropped"))
            .count();
        assert!(dropped > 0 && text.len() < 3 * LIMIT, "{dropped}");
        assert_eq!(kept + dropped, 10_002);
    }
}
