//! Folders of the journal: one per process below a common root. A process owns the folder whose
//! lock it holds; the kernel releases the lock when the process ends, however it ends.

use crate::ids::Ids;
use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

const LOCK: &str = "lock";
/// A folder that has no lock yet.
const UNFINISHED: &str = "unfinished";
/// Below the root: entries that could not be committed, for an operator.
const SET_ASIDE: &str = "set-aside.journal";

/// The folder of this process.
pub struct OwnFolder {
    path: PathBuf,
    _lock: File,
}

impl OwnFolder {
    /// # Errors
    /// When the folder cannot be made.
    pub fn create(root: &Path, ids: &Ids) -> io::Result<Self> {
        private_folders().recursive(true).create(root)?;
        let name = ids.uuid();
        // Renamed only when locked: nobody sees it under its name without its lock.
        let unfinished = root.join(format!("{name}.{UNFINISHED}"));
        private_folders().create(&unfinished)?;
        let lock = private_files()
            .create_new(true)
            .open(unfinished.join(LOCK))?;
        lock.try_lock()?;
        let path = root.join(name);
        fs::rename(&unfinished, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// A new, empty segment.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create_segment(&self, number: u32) -> io::Result<(PathBuf, File)> {
        let path = self.path.join(format!("{number:010}.journal"));
        let file = private_files().read(true).create_new(true).open(&path)?;
        Ok((path, file))
    }

    /// Waits until the names of its segments are on disk.
    ///
    /// # Errors
    /// Of the disk.
    pub fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Removes the folder with what is in it.
    ///
    /// # Errors
    /// Of the file system.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(&self.path)
    }
}

/// The folder of a dead process, taken over.
pub struct Orphan {
    path: PathBuf,
    _lock: File,
}

impl Orphan {
    /// Takes over every folder below `root` whose process is dead.
    ///
    /// # Errors
    /// When the root cannot be read.
    pub fn adopt_all(root: &Path) -> io::Result<Vec<Self>> {
        let entries = match fs::read_dir(root) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut orphans = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == UNFINISHED) {
                continue;
            }
            let Ok(lock) = OpenOptions::new().write(true).open(path.join(LOCK)) else {
                continue;
            };
            if lock.try_lock().is_ok() {
                orphans.push(Self { path, _lock: lock });
            }
        }
        Ok(orphans)
    }

    /// Its segments, oldest first; none when another process has just emptied it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn segments(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut segments = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "journal") {
                segments.push(path);
            }
        }
        segments.sort();
        Ok(segments)
    }

    /// Removes the folder with what is in it.
    ///
    /// # Errors
    /// Of the file system.
    pub fn remove(self) -> io::Result<()> {
        match fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}

/// Saves bytes that no database accepts below the root, and returns the file's name.
///
/// # Errors
/// When they cannot be kept.
pub fn set_aside(root: &Path, bytes: &[u8]) -> io::Result<OsString> {
    let mut file = private_files()
        .append(true)
        .create(true)
        .open(root.join(SET_ASIDE))?;
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(SET_ASIDE.into())
}

/// Bytes set aside below the root; 0 once a person has taken the file away.
///
/// # Errors
/// Of the file system.
pub fn set_aside_size(root: &Path) -> io::Result<u64> {
    match fs::metadata(root.join(SET_ASIDE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        found => Ok(found?.len()),
    }
}

/// The journal holds names and bills: readable by the owner of the process only.
fn private_folders() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

fn private_files() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::{Orphan, OwnFolder};
    use crate::{clock::Clock, ids::Ids};

    #[test]
    fn a_folder_is_adopted_once_and_only_when_its_owner_is_gone() {
        let root = tempfile::tempdir().unwrap();
        let ids = Ids::seeded(1, Clock::manual(0));
        let own = OwnFolder::create(root.path(), &ids).unwrap();
        let (path, _) = own.create_segment(7).unwrap();
        assert_eq!(Orphan::adopt_all(root.path()).unwrap().len(), 0);
        drop(own);

        let mut adopted = Orphan::adopt_all(root.path()).unwrap();
        assert_eq!(Orphan::adopt_all(root.path()).unwrap().len(), 0);
        let orphan = adopted.remove(0);
        assert_eq!(orphan.segments().unwrap(), [path]);
        orphan.remove().unwrap();
        assert_eq!(Orphan::adopt_all(root.path()).unwrap().len(), 0);
    }

    #[test]
    fn a_root_that_is_not_there_has_no_orphans() {
        let root = tempfile::tempdir().unwrap();
        let missing = root.path().join("missing");
        assert_eq!(Orphan::adopt_all(&missing).unwrap().len(), 0);
    }
}
