//! Recording what processes left in their journals when they were killed.

use super::{
    journal::{MAX_READ, Orphan, read_segment},
    recorder::Writer,
};
use std::io;

/// Entries of one transaction when a whole segment is read.
const BATCH: usize = (MAX_READ / 2048) as usize;

/// Commits the journals of dead processes.
pub(super) async fn adopt(writer: &Writer) {
    let root = writer.journal.root().to_owned();
    let adopted = tokio::task::spawn_blocking(move || Orphan::adopt_all(&root)).await;
    let orphans = match adopted.map_err(io::Error::other).flatten() {
        Ok(orphans) => orphans,
        Err(error) => {
            tracing::error!(%error, "journals of earlier processes cannot be looked for");
            return;
        }
    };
    for orphan in orphans {
        match adopt_one(writer, &orphan).await {
            // Its lock is released with it; the next look finds it again.
            Ok(None) => return,
            Ok(Some(entries)) => {
                tracing::info!(
                    entries,
                    "inquiries of a process that was killed are recorded"
                );
                if let Err(error) = orphan.remove() {
                    tracing::warn!(%error, "an adopted journal stays");
                }
            }
            Err(error) => tracing::error!(%error, "an adopted journal cannot be read"),
        }
    }
}

/// The number of entries, all committed or set aside; `None` while the database is away.
async fn adopt_one(writer: &Writer, orphan: &Orphan) -> io::Result<Option<usize>> {
    let mut entries = 0;
    for path in orphan.segments()? {
        let read = tokio::task::spawn_blocking(move || read_segment(&path));
        let frames = read.await.map_err(io::Error::other)??;
        for payloads in frames.payloads.chunks(BATCH) {
            if writer.write_payloads(payloads).await.is_err() {
                return Ok(None);
            }
            entries += payloads.len();
        }
        for damaged in &frames.damaged {
            writer.set_aside(damaged, "an adopted journal does not read back");
        }
    }
    Ok(Some(entries))
}
