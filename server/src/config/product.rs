//! The pace at which an unclear change is followed up.

use super::reader::Reader;
use std::time::Duration;

/// The pauses of the reconciler.
#[derive(Clone, Debug)]
pub struct ProductConfig {
    /// Between two searches for unsettled changes that are due.
    pub reconcile_poll: Duration,
    /// From a lost answer to the first question; later pauses double.
    pub first_question: Duration,
    pub longest_pause: Duration,
}

impl ProductConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        ProductConfig {
            reconcile_poll: reader.millis("product.reconcile_poll_ms", 10, 60_000),
            first_question: reader.millis("product.first_question_ms", 10, 60_000),
            longest_pause: reader.millis("product.longest_pause_ms", 10, 3_600_000),
        }
    }
}
