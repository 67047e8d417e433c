//! A lock that lets only one process serve from a SQLite database: two would each trust their own
//! caches and locks.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Why a SQLite database is not served.
#[derive(Debug, thiserror::Error)]
pub enum NotAlone {
    #[error("another phonebill serves from {}: SQLite serves one process; replicas need PostgreSQL", .0.display())]
    Served(PathBuf),
    #[error("cannot lock {}", .0.display())]
    Lock(PathBuf, #[source] io::Error),
}

/// Held while the process serves from the database; the operating system releases it when the
/// process ends, however it ends.
#[derive(Debug)]
pub struct SoleProcess(#[expect(dead_code, reason = "held, not read")] File);

impl SoleProcess {
    /// Locks `<database>.lock` beside the database.
    ///
    /// # Errors
    /// [`NotAlone`]
    pub fn of(database: &Path) -> Result<Self, NotAlone> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let mut options = OpenOptions::new();
        options.create(true).append(true).mode(0o600);
        let file = options
            .open(&path)
            .map_err(|error| NotAlone::Lock(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(NotAlone::Served(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(NotAlone::Lock(path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NotAlone, SoleProcess};

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("phonebill.db");
        let first = SoleProcess::of(&database).unwrap();
        assert!(matches!(
            SoleProcess::of(&database),
            Err(NotAlone::Served(_))
        ));
        drop(first);
        SoleProcess::of(&database).unwrap();
    }
}
