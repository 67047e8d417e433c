//! Breakers and places as metrics, read at each scrape.

use super::KosClient;
use crate::resilience::{BreakerState, Snapshot};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};
use std::fmt;

/// Shows the breakers and the places of one client.
pub struct KosCollector(KosClient);

impl KosCollector {
    /// Makes everything that is counted of `client` part of what is exported.
    pub fn register(client: &KosClient, registry: &mut Registry) {
        let operations = client.health().operations;
        let names = operations.iter().map(|operation| operation.name);
        client.metrics().register("kos", names, registry);
        registry.register_collector(Box::new(Self(client.clone())));
    }
}

impl fmt::Debug for KosCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KosCollector")
    }
}

type OfBreaker<T> = fn(&Snapshot) -> T;

const BREAKER_COUNTERS: [(&str, &str, OfBreaker<u64>); 3] = [
    (
        "breaker_refused",
        "Calls turned away while the breaker was open",
        |breaker| breaker.refused,
    ),
    (
        "breaker_stale_results",
        "Results from before the last change of state, which decided nothing",
        |breaker| breaker.stale_results,
    ),
    (
        "breaker_expired_leases",
        "Probes that never reported in time",
        |breaker| breaker.expired_leases,
    ),
];

const BREAKER_GAUGES: [(&str, &str, OfBreaker<i64>); 3] = [
    (
        "breaker_state",
        "0 closed, 1 half-open, 2 open",
        |breaker| match breaker.state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        },
    ),
    (
        "breaker_failure_percent",
        "Failures among the calls looked at",
        |breaker| percent(breaker.failed, breaker.calls),
    ),
    (
        "breaker_slow_percent",
        "Slow calls among the calls looked at",
        |breaker| percent(breaker.slow, breaker.calls),
    ),
];

impl Collector for KosCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let breakers = self.0.health().operations;
        for (name, help, value) in BREAKER_COUNTERS {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for breaker in &breakers {
                let counter = ConstCounter::new(value(breaker));
                labelled(&mut family, "breaker", breaker.name, &counter)?;
            }
        }
        for (name, help, value) in BREAKER_GAUGES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for breaker in &breakers {
                let gauge = ConstGauge::new(value(breaker));
                labelled(&mut family, "breaker", breaker.name, &gauge)?;
            }
        }
        let places = self.0.places();
        let help = "Calls in flight, by kind";
        let mut family =
            encoder.encode_descriptor("kos_calls_in_flight", help, None, MetricType::Gauge)?;
        for (kind, places) in &places {
            let taken = ConstGauge::new(i64::try_from(places.taken()).unwrap_or(i64::MAX));
            labelled(&mut family, "kind", kind, &taken)?;
        }
        let help = "Calls turned away because every place was taken, by kind";
        let mut family =
            encoder.encode_descriptor("kos_calls_rejected", help, None, MetricType::Counter)?;
        for (kind, places) in &places {
            let refused = ConstCounter::new(places.refused());
            labelled(&mut family, "kind", kind, &refused)?;
        }
        Ok(())
    }
}

fn labelled(
    family: &mut MetricEncoder<'_>,
    label: &'static str,
    value: &'static str,
    metric: &impl EncodeMetric,
) -> fmt::Result {
    metric.encode(family.encode_family(&[(label, value)])?)
}

fn percent(part: usize, whole: usize) -> i64 {
    i64::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}
