//! Waking the relay.

use tokio::sync::watch;

/// Rung after a commit that enqueued something; the relay then looks at once instead of at its
/// next turn. A ring that nobody hears costs a second, never an event.
#[derive(Clone, Debug, Default)]
pub struct OutboxBell(watch::Sender<Rings>);

/// How often it was rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rings {
    /// For the end of a plan change.
    pub urgent: u64,
    /// For what may wait until a worker has rested.
    pub other: u64,
}

impl OutboxBell {
    /// The end of a plan change was committed.
    pub fn ring(&self) {
        self.0.send_modify(|rings| rings.urgent += 1);
    }

    /// Inquiries were committed.
    pub fn ring_softly(&self) {
        self.0.send_modify(|rings| rings.other += 1);
    }

    /// One listener for each worker: a ring wakes all of them, also those busy at the time.
    pub(super) fn listen(&self) -> watch::Receiver<Rings> {
        self.0.subscribe()
    }
}
