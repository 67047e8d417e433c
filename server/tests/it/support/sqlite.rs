//! A SQLite file that is deleted when the test ends.

use tempfile::TempDir;

/// The folder holds the database, its log and its index.
pub struct File(TempDir);

impl File {
    pub fn create() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn url(&self) -> String {
        format!("sqlite:{}", self.0.path().join("test.db").display())
    }
}
