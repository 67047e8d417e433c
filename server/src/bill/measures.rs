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
    set_aside_size: Gauge<u64, AtomicU64>,
    lost: Counter,
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
            "Inquiries that could not be recorded, kept in a file",
            self.set_aside.clone(),
        );
        registry.register_with_unit(
            "journal_set_aside",
            "Size of that file at the scrape, whoever wrote it: an alarm until a person has taken it away",
            Unit::Bytes,
            self.set_aside_size.clone(),
        );
        registry.register(
            "journal_lost",
            "Inquiries that could be neither recorded nor kept in the file: any is an alarm",
            self.lost.clone(),
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

    /// Sets the size of the file of such inquiries.
    pub fn set_aside_size(&self, bytes: u64) {
        self.set_aside_size.set(bytes);
    }

    /// Counts an inquiry that could not even be kept in that file.
    pub fn lost(&self) {
        self.lost.inc();
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
