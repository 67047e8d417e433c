//! Waking the relay.

use tokio::sync::watch;

/// Rung after a commit that enqueued something: the relay looks at once instead of at its next
/// poll. A missed ring costs a second, never an event.
#[derive(Clone, Debug, Default)]
pub struct OutboxBell(watch::Sender<Rings>);

/// How many times it was rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rings {
    /// For the end of a plan change.
    pub urgent: u64,
    /// For events that may wait until a worker has rested.
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

    /// One listener per worker: a ring wakes all of them, including those busy at the time.
    pub(super) fn listen(&self) -> watch::Receiver<Rings> {
        self.0.subscribe()
    }
}
