//! What was really done: the judge in every test of the server.
//!
//! With a folder, each entry is a JSON line in `ledger.jsonl`, on the disk (fsync) before the call
//! is answered, and reading goes to the file. Without one, entries are kept in memory.
//!
//! - `entry`: what is recorded.
//! - `store`: writing and reading it.

mod entry;
mod store;

pub(crate) use entry::Entry;
pub use entry::{ApEvent, ChangeApplied, ChangeAttempt, ChangeRefused};
pub use store::Ledger;
