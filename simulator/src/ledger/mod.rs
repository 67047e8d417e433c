//! What was really done: the judge in every test of the server.
//!
//! With a folder, each entry is a JSON line in `ledger.jsonl`, and reading goes to the file. One write
//! hands the line to the kernel before the call is answered, so it survives the death of the process;
//! nothing is synced, so it may not survive that of the machine. Without a folder, entries stay in
//! memory.
//!
//! - `entry`: the recorded entries.
//! - `store`: writing and reading them.

mod entry;
mod store;

pub(crate) use entry::Entry;
pub use entry::{ApEvent, ChangeApplied, ChangeAttempt, ChangeRefused};
pub use store::Ledger;
