//! Metrics of the journal.

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// How far recording is behind answering. Clones share the values.
#[derive(Clone, Debug, Default)]
pub struct JournalMeasures {
    waiting: Gauge<u64, AtomicU64>,
    lag_s: Gauge<f64, AtomicU64>,
    set_aside: Counter,
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
            "Time since the answer of the oldest inquiry, at the last commit or attempt; 0 when none waits",
            Unit::Seconds,
            self.lag_s.clone(),
        );
        registry.register(
            "journal_set_aside",
            "Inquiries that could not be recorded, kept in a file: any is an alarm",
            self.set_aside.clone(),
        );
    }

    /// Sets the number of bytes that wait.
    pub fn waiting(&self, bytes: u64) {
        self.waiting.set(bytes);
    }

    /// Counts an inquiry that cannot be recorded.
    pub fn set_aside(&self) {
        self.set_aside.inc();
    }

    /// Measures how long the oldest entry of a commit, done or tried, has waited; both in epoch milliseconds.
    /// `None`: nothing waits.
    pub fn lag(&self, oldest: Option<i64>, now_ms: i64) -> Duration {
        let lag_ms = oldest.map_or(0, |oldest| now_ms - oldest);
        let lag = Duration::from_millis(u64::try_from(lag_ms).unwrap_or(0));
        self.lag_s.set(lag.as_secs_f64());
        lag
    }
}
