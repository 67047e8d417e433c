//! The journal: inquiries answered and not in the database yet, in files that outlive the process.
//!
//! An inquiry is written here (one small `write`, without waiting for the disk) before its answer
//! leaves; the recorder moves the journal into the database in batches. The files are the queue:
//! nothing waits in memory, so a killed process loses nothing it answered.
//!
//! - `entry`: an inquiry as the journal keeps it
//! - `frame`: length, checksum, payload; what a kill in the middle of a write leaves is known by them
//! - `folder`: one folder per process, held by a lock, taken over when its process is gone
//! - `segment`: the files of a folder, written in turn, removed once committed
//! - `writer`: taking in, handing out, the limit, the wait for the disk

mod entry;
mod folder;
mod frame;
mod segment;
mod writer;

pub use entry::{Entry, Row, frame};
pub use folder::{Orphan, set_aside, set_aside_size};
pub use segment::{MAX_READ, read_segment};
pub use writer::{Journal, NotKept};
