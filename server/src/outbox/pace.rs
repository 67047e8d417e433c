//! Time-outs and limits of the relay.

use super::Backoff;
use crate::{config::MvnoConfig, resilience::Duty};
use std::time::Duration;

/// The pace of one worker.
#[derive(Clone, Copy, Debug)]
pub struct RelayPace {
    /// Deliveries at once, each of another line. A quarter is reserved for lines with the end of a
    /// plan change, and a quarter for the others.
    pub at_once: usize,
    /// Lines taken per look: up to half with the end of a plan change, up to half without.
    pub lines: usize,
    /// Events of a line delivered in a row before others have their turn.
    pub run: usize,
    /// The same limit as a time.
    pub run_for: Duration,
    /// How often to look for work without a ring.
    pub poll: Duration,
    /// After the first of several lines is done: lines that finish within this are recorded with it
    /// by one commit, and one look for more work serves all of them.
    pub gather: Duration,
    /// Another worker may take the line after this. No delivery begins in its second half, which is
    /// longer than a delivery can take.
    pub lease: Duration,
    /// How long deliveries under way may go on at shutdown before they count as failed.
    pub finish: Duration,
    pub backoff: Backoff,
    /// An event older than this is dead when its delivery fails once more.
    pub bury_after: Duration,
    /// The share of time it works while only inquiries wait.
    pub duty: Duty,
}

impl Default for RelayPace {
    fn default() -> Self {
        Self {
            at_once: 8,
            lines: 64,
            run: 32,
            run_for: Duration::from_millis(500),
            poll: Duration::from_secs(1),
            gather: Duration::from_millis(10),
            lease: Duration::from_secs(30),
            finish: Duration::from_millis(1_500),
            backoff: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(300),
            },
            bury_after: Duration::from_secs(48 * 60 * 60),
            duty: Duty::a_twentieth(1),
        }
    }
}

/// Lease time as a multiple of the delivery time-out.
const LEASE_OVER_TIMEOUT: u32 = 3;

impl RelayPace {
    /// As configured, for one of `workers`: together they deliver as many at once as there are
    /// places, so that no delivery waits for a place within its own time-out.
    pub fn of(config: &MvnoConfig, workers: usize) -> Self {
        Self {
            at_once: (config.places / workers.max(1)).max(1),
            lease: config.timeout * LEASE_OVER_TIMEOUT,
            backoff: Backoff {
                first: config.first_retry,
                longest: config.longest_retry,
            },
            ..Self::default()
        }
    }

    /// How many deliveries of one class run at once, whatever waits.
    pub(super) fn places_of_a_class(&self) -> usize {
        self.at_once - self.at_once / 4
    }
}
