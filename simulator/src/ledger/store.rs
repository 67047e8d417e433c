//! Writing and reading the ledger.

use super::entry::{ApEvent, ChangeApplied, ChangeAttempt, ChangeRefused, Entry};
use anyhow::Context;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The append-only record of both stand-ins; cloning shares it.
#[derive(Clone, Debug)]
pub struct Ledger(Arc<Store>);

#[derive(Debug)]
enum Store {
    Memory(Mutex<Vec<Entry>>),
    File {
        path: PathBuf,
        file: Mutex<Option<File>>,
    },
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
        Ok(Self(Arc::new(Store::File {
            path,
            file: Mutex::new(Some(file)),
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

    /// Adds an entry; when this returns, the entry survives the end of the process, however it ends.
    pub(crate) fn append(&self, entry: Entry) -> io::Result<()> {
        match &*self.0 {
            Store::Memory(entries) => {
                entries
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(entry);
                Ok(())
            }
            Store::File { file, .. } => {
                let mut line = serde_json::to_vec(&entry)?;
                line.push(b'\n');
                match file.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    // One write: what it took belongs to the kernel.
                    Some(file) => file.write_all(&line),
                    None => Err(io::Error::other("the ledger is closed")),
                }
            }
        }
    }

    /// Closes the file; later appends fail.
    pub(crate) fn close(&self) {
        if let Store::File { file, .. } = &*self.0 {
            file.lock().unwrap_or_else(PoisonError::into_inner).take();
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

    #[test]
    fn entries_survive_and_a_torn_last_line_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(Some(folder.path())).unwrap();
        ledger.append(refusal("one")).unwrap();
        ledger.append(refusal("two")).unwrap();
        ledger.close();
        assert!(
            ledger.append(refusal("late")).is_err(),
            "a closed ledger takes nothing"
        );

        let path = folder.path().join("ledger.jsonl");
        let mut torn = std::fs::read_to_string(&path).unwrap();
        torn.push_str(r#"{"entry":"changeRef"#);
        std::fs::write(&path, torn).unwrap();
        let ledger = Ledger::open(Some(folder.path())).unwrap();
        ledger.append(refusal("three")).unwrap();
        assert_eq!(
            ledger.entries().unwrap(),
            [refusal("one"), refusal("two"), refusal("three")]
        );
    }
}
