//! Every latency of a run, in microseconds.

use std::time::Duration;

/// Latencies of the answered requests.
#[derive(Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    pub fn add(&mut self, took: Duration) {
        self.0
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// The given percentile, in milliseconds; 0 without latencies.
    pub fn percentile(&mut self, percent: f64) -> f64 {
        self.0.sort_unstable();
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        let index = rank.saturating_sub(1);
        self.0.get(index).map_or(0.0, |us| f64::from(*us) / 1_000.0)
    }
}
