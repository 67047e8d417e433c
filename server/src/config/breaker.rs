//! The circuit breaker's thresholds.

use super::reader::Reader;
use std::time::Duration;

/// When the breaker of an operation of KOS opens and closes.
#[derive(Clone, Debug)]
pub struct BreakerConfig {
    /// The latest calls that are judged.
    pub window: usize,
    /// Fewer calls decide nothing; at most `window`.
    pub minimum_calls: usize,
    /// Percent of failures that opens, inclusive.
    pub failure_rate: u8,
    /// A call slower than this counts as slow; below every deadline of KOS.
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
        breaker
    }
}

#[cfg(test)]
mod tests {
    use crate::config::layers;

    fn faults(settings: &[(&str, &str)]) -> Vec<String> {
        layers::faults(settings.iter().map(|(key, value)| {
            let name = format!("PHONEBILL__{}", key.to_uppercase().replace('.', "__"));
            (name, *value)
        }))
    }

    #[test]
    fn what_could_not_work_is_refused_at_start_and_named() {
        let refused: [(&[(&str, &str)], &str); 20] = [
            (&[("breaker.window", "0")], "breaker.window"),
            (&[("breaker.window", "9")], "breaker.minimum_calls"),
            (&[("breaker.window", "10001")], "breaker.window"),
            (&[("breaker.minimum_calls", "0")], "breaker.minimum_calls"),
            (&[("breaker.minimum_calls", "21")], "breaker.minimum_calls"),
            (&[("breaker.failure_rate", "0")], "breaker.failure_rate"),
            (&[("breaker.failure_rate", "101")], "breaker.failure_rate"),
            (&[("breaker.failure_rate", "50%")], "breaker.failure_rate"),
            (&[("breaker.slow_rate", "0")], "breaker.slow_rate"),
            (&[("breaker.slow_rate", "101")], "breaker.slow_rate"),
            (&[("breaker.slow_call_ms", "0")], "breaker.slow_call_ms"),
            (&[("breaker.slow_call_ms", "3000")], "breaker.slow_call_ms"),
            (&[("breaker.slow_call_ms", "4000")], "breaker.slow_call_ms"),
            (
                &[("kos.inquiry_timeout_ms", "2500")],
                "breaker.slow_call_ms",
            ),
            (
                &[("kos.change_timeout_ms", "2500")],
                "kos.change_timeout_ms",
            ),
            (&[("breaker.open_s", "0")], "breaker.open_s"),
            (&[("breaker.open_s", "-1")], "breaker.open_s"),
            (&[("breaker.probes", "0")], "breaker.probes"),
            (&[("kos.inquiry_places", "0")], "kos.inquiry_places"),
            (&[("kos.calls_per_minute", "-1")], "kos.calls_per_minute"),
        ];
        for (settings, named) in refused {
            let told = faults(settings).join("\n");
            assert!(told.contains(named), "{settings:?}: {told}");
        }
        let none = Vec::<String>::new();
        assert_eq!(faults(&[("breaker.slow_call_ms", "2999")]), none);
        assert_eq!(faults(&[("breaker.minimum_calls", "20")]), none);
    }
}
