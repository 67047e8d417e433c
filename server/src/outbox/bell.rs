//! Waking the relay.

use tokio::sync::watch;

/// Rung after a commit that enqueued something; the relay then looks at once instead of at its
/// next turn. A ring that nobody hears costs a second, never an event.
#[derive(Clone, Debug, Default)]
pub struct OutboxBell(watch::Sender<()>);

impl OutboxBell {
    /// Something was committed.
    pub fn ring(&self) {
        self.0.send_replace(());
    }

    /// One listener for each worker: a ring wakes all of them, also those busy at the time.
    pub(super) fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
