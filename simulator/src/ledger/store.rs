//! Writing and reading the ledger.

use super::entry::{ApEvent, ChangeApplied, ChangeAttempt, ChangeRefused, Entry};
use anyhow::Context;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
};
use tokio::sync::oneshot;

/// The append-only record of both stand-ins; cloning shares it.
#[derive(Clone, Debug)]
pub struct Ledger(Arc<Store>);

#[derive(Debug)]
enum Store {
    Memory(Mutex<Vec<Entry>>),
    File {
        path: PathBuf,
        writer: Mutex<Option<mpsc::Sender<Append>>>,
    },
}

/// A line to write, and whom to tell that it is on the disk.
struct Append {
    line: String,
    written: oneshot::Sender<io::Result<()>>,
}

impl Ledger {
    /// Opens the ledger in `folder`, or one in memory.
    pub(crate) fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let Some(folder) = folder else {
            return Ok(Self(Arc::new(Store::Memory(Mutex::default()))));
        };
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the ledger folder {}", folder.display()))?;
        let path = folder.join("ledger.jsonl");
        let file = open_for_append(&path)
            .with_context(|| format!("cannot open the ledger {}", path.display()))?;
        let (sender, appends) = mpsc::channel();
        std::thread::Builder::new()
            .name("simulator-ledger".into())
            .spawn(move || write_in_groups(file, &appends))?;
        Ok(Self(Arc::new(Store::File {
            path,
            writer: Mutex::new(Some(sender)),
        })))
    }

    /// Every change that arrived on the wire, in order.
    ///
    /// # Errors
    /// The file cannot be read, or holds a line that is no entry.
    pub fn change_attempts(&self) -> io::Result<Vec<ChangeAttempt>> {
        self.select(|entry| match entry {
            Entry::ChangeAttempt(attempt) => Some(attempt),
            _ => None,
        })
    }

    /// Every change that took effect, in order.
    ///
    /// # Errors
    /// The file cannot be read, or holds a line that is no entry.
    pub fn changes_applied(&self) -> io::Result<Vec<ChangeApplied>> {
        self.select(|entry| match entry {
            Entry::ChangeApplied(applied) => Some(applied),
            _ => None,
        })
    }

    /// Every change that was refused, in order.
    ///
    /// # Errors
    /// The file cannot be read, or holds a line that is no entry.
    pub fn changes_refused(&self) -> io::Result<Vec<ChangeRefused>> {
        self.select(|entry| match entry {
            Entry::ChangeRefused(refused) => Some(refused),
            _ => None,
        })
    }

    /// Every result the AP server received, duplicates included, in order.
    ///
    /// # Errors
    /// The file cannot be read, or holds a line that is no entry.
    pub fn ap_events(&self) -> io::Result<Vec<ApEvent>> {
        self.select(|entry| match entry {
            Entry::ApEvent(event) => Some(event),
            _ => None,
        })
    }

    /// Every entry, in order.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        match &*self.0 {
            Store::Memory(entries) => Ok(entries
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()),
            Store::File { path, .. } => {
                let text = std::fs::read_to_string(path)?;
                text.split_inclusive('\n')
                    // A line still being written has no end yet, and was not answered.
                    .filter(|line| line.ends_with('\n'))
                    .map(|line| serde_json::from_str(line).map_err(io::Error::from))
                    .collect()
            }
        }
    }

    fn select<T>(&self, choose: impl Fn(Entry) -> Option<T>) -> io::Result<Vec<T>> {
        Ok(self.entries()?.into_iter().filter_map(choose).collect())
    }

    /// Adds an entry; when this returns, the entry survives the end of the process.
    pub(crate) async fn append(&self, entry: Entry) -> io::Result<()> {
        match &*self.0 {
            Store::Memory(entries) => {
                entries
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(entry);
                Ok(())
            }
            Store::File { writer, .. } => {
                let line = serde_json::to_string(&entry)?;
                let (written, done) = oneshot::channel();
                let append = Append { line, written };
                let sent = writer
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .as_ref()
                    .is_some_and(|writer| writer.send(append).is_ok());
                let closed = || io::Error::other("the ledger is closed");
                if !sent {
                    return Err(closed());
                }
                done.await.map_err(|_| closed())?
            }
        }
    }

    /// Ends the writer; later appends fail.
    pub(crate) fn close(&self) {
        if let Store::File { writer, .. } = &*self.0 {
            writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }
}

/// Opens the file, and cuts off a last line that a crash left without its end.
fn open_for_append(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    let bytes = std::fs::read(path)?;
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    Ok(file)
}

/// Writes what has gathered, syncs once for all of it, and tells those who wait.
fn write_in_groups(mut file: File, appends: &mpsc::Receiver<Append>) {
    while let Ok(first) = appends.recv() {
        let group: Vec<Append> = std::iter::once(first).chain(appends.try_iter()).collect();
        let mut lines = String::new();
        for append in &group {
            lines.push_str(&append.line);
            lines.push('\n');
        }
        let outcome = file
            .write_all(lines.as_bytes())
            .and_then(|()| file.sync_data());
        for append in group {
            let told = match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
            };
            if append.written.send(told).is_err() {
                tracing::debug!("the writer of a ledger entry did not wait for it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeRefused, Entry, Ledger};

    fn refusal(request_id: &str) -> Entry {
        Entry::ChangeRefused(ChangeRefused {
            refused_at: "2026-11-21T09:30:00+09:00".into(),
            request_id: request_id.into(),
            line_number: "01012345678".parse().unwrap(),
            result_code: "2004".into(),
        })
    }

    #[tokio::test]
    async fn entries_survive_and_a_torn_last_line_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(Some(folder.path())).unwrap();
        ledger.append(refusal("one")).await.unwrap();
        ledger.append(refusal("two")).await.unwrap();
        ledger.close();
        assert!(
            ledger.append(refusal("late")).await.is_err(),
            "a closed ledger takes nothing"
        );

        let path = folder.path().join("ledger.jsonl");
        let mut torn = std::fs::read_to_string(&path).unwrap();
        torn.push_str(r#"{"entry":"changeRef"#);
        std::fs::write(&path, torn).unwrap();
        let ledger = Ledger::open(Some(folder.path())).unwrap();
        ledger.append(refusal("three")).await.unwrap();
        assert_eq!(
            ledger.entries().unwrap(),
            [refusal("one"), refusal("two"), refusal("three")]
        );
    }
}
