//! The circuit breaker's thresholds.

use super::reader::Reader;
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

impl BreakerConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let breaker = BreakerConfig {
            window: reader.number("breaker.window", 1, 10_000),
            minimum_calls: reader.number("breaker.minimum_calls", 1, 10_000),
            failure_rate: reader.number("breaker.failure_rate", 1, 100),
            slow_call: reader.millis("breaker.slow_call_ms", 1, 60_000),
            slow_rate: reader.number("breaker.slow_rate", 1, 100),
            open_for: reader.seconds("breaker.open_s", 1, 3_600),
            probes: reader.number("breaker.probes", 1, 1_000),
        };
        if breaker.minimum_calls > breaker.window {
            reader.fault(
                "breaker.minimum_calls must not exceed breaker.window: it would never open.",
            );
        }
        let deadline: u64 = reader.number("kos.inquiry_timeout_ms", 50, 60_000);
        if breaker.slow_call >= Duration::from_millis(deadline) {
            reader.fault(
                "breaker.slow_call_ms must be below kos.inquiry_timeout_ms: it would never fire.",
            );
        }
        breaker
    }
}
