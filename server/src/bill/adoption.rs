//! Recording what processes that were killed have left in their journals.

use super::{
    journal::{MAX_READ, Orphan, read_segment},
    recorder::{StillAway, Writer},
};
use std::io;

/// Entries of one transaction when a whole segment is read.
const BATCH: usize = (MAX_READ / 2048) as usize;

impl Writer {
    /// Commits what dead processes have left.
    pub(super) async fn adopt(&self) {
        let root = self.journal.root().to_owned();
        let adopted = tokio::task::spawn_blocking(move || Orphan::adopt_all(&root)).await;
        let orphans = match adopted.map_err(io::Error::other).flatten() {
            Ok(orphans) => orphans,
            Err(error) => {
                tracing::error!(%error, "journals of earlier processes cannot be looked for");
                return;
            }
        };
        for orphan in orphans {
            match self.adopt_one(&orphan).await {
                // Its lock falls with it; the next look finds it again.
                Ok(Err(StillAway)) => return,
                Ok(Ok(entries)) => {
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

    async fn adopt_one(&self, orphan: &Orphan) -> io::Result<Result<usize, StillAway>> {
        let mut entries = 0;
        for path in orphan.segments()? {
            let read = tokio::task::spawn_blocking(move || read_segment(&path));
            let frames = read.await.map_err(io::Error::other)??;
            for payloads in frames.payloads.chunks(BATCH) {
                if self.write_payloads(payloads).await.is_err() {
                    return Ok(Err(StillAway));
                }
                entries += payloads.len();
            }
            if let Some(damaged) = frames.damaged {
                self.set_aside(&damaged, "an adopted journal does not read back");
            }
        }
        Ok(Ok(entries))
    }
}
