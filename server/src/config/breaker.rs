//! The circuit breaker's thresholds.

use std::time::Duration;

#[derive(Clone, Debug)]
pub struct BreakerConfig {
    /// Calls looked at.
    pub window: usize,
    /// The least that decide; at most `window`.
    pub minimum_calls: usize,
    /// Percent of failures that opens, inclusive.
    pub failure_rate: u8,
    /// A call slower than this counts as slow; below every deadline, or it could never fire.
    pub slow_call: Duration,
    /// Percent of slow calls that opens, inclusive.
    pub slow_rate: u8,
    /// Open for this long, ±10 %, before probing.
    pub open_for: Duration,
    /// Probes that decide in half-open; at least one.
    pub probes: usize,
}
