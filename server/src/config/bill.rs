//! The journal of inquiries.

use super::reader::Reader;
use std::path::{Path, PathBuf};

/// Where inquiries are kept until they are committed.
#[derive(Clone, Debug)]
pub struct BillConfig {
    /// Parent of each replica's folder of answered, uncommitted inquiries.
    pub journal_dir: PathBuf,
    /// The most bytes of one replica; beyond them an inquiry is committed before it is answered.
    pub journal_limit: u64,
    /// Whether an answer waits for its record to reach the disk.
    pub journal_fsync: bool,
}

impl BillConfig {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let journal_dir = match reader.text("bill.journal_dir") {
            text if text.is_empty() => data_dir.join("inquiries"),
            text => PathBuf::from(text),
        };
        let mebibytes: u64 = reader.number("bill.journal_limit_mib", 0, 65_536);
        let fsync = reader.text("bill.journal_fsync");
        BillConfig {
            journal_dir,
            journal_limit: mebibytes << 20,
            journal_fsync: reader.on_off("bill.journal_fsync", &fsync),
        }
    }
}
