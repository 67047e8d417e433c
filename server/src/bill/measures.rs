//! Metrics of the journal.

use prometheus_client::{
    metrics::gauge::Gauge,
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// How far recording is behind answering. Clones share the values.
#[derive(Clone, Debug, Default)]
pub struct JournalMeasures {
    waiting: Gauge<u64, AtomicU64>,
    lag_s: Gauge<f64, AtomicU64>,
}

impl JournalMeasures {
    /// Registers the metrics.
    pub fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "journal_waiting",
            "Answered inquiries that are not in the database yet",
            Unit::Bytes,
            self.waiting.clone(),
        );
        registry.register_with_unit(
            "journal_lag",
            "Time from answer to commit of the oldest inquiry of the last commit",
            Unit::Seconds,
            self.lag_s.clone(),
        );
    }

    /// Sets the number of bytes that wait.
    pub fn waiting(&self, bytes: u64) {
        self.waiting.set(bytes);
    }

    /// Sets how long the oldest entry of the last commit had waited.
    pub fn lag(&self, lag: Duration) {
        self.lag_s.set(lag.as_secs_f64());
    }
}
