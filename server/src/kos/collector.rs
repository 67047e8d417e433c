//! Breakers and places as metrics, read at each scrape.

use super::KosClient;
use crate::{
    metrics::scraped,
    resilience::{BreakerState, Snapshot},
};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Registry};
use std::fmt;

/// Shows the breakers and the places of one client.
pub struct KosCollector(KosClient);

impl KosCollector {
    /// Registers all metrics of `client`.
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
            let each = breakers
                .iter()
                .map(|breaker| (breaker.name, scraped::counter(value(breaker))));
            scraped::show_each(&mut encoder, (name, help), "breaker", each)?;
        }
        for (name, help, value) in BREAKER_GAUGES {
            let each = breakers
                .iter()
                .map(|breaker| (breaker.name, scraped::gauge(value(breaker))));
            scraped::show_each(&mut encoder, (name, help), "breaker", each)?;
        }
        let places = self.0.places();
        let metric = ("kos_calls_in_flight", "Calls in flight, by kind");
        let taken = places
            .iter()
            .map(|(kind, places)| (*kind, scraped::gauge(places.taken())));
        scraped::show_each(&mut encoder, metric, "kind", taken)?;
        let metric = (
            "kos_calls_rejected",
            "Calls turned away because every place was taken, by kind",
        );
        let refused = places
            .iter()
            .map(|(kind, places)| (*kind, scraped::counter(places.refused())));
        scraped::show_each(&mut encoder, metric, "kind", refused)
    }
}

fn percent(part: usize, whole: usize) -> i64 {
    i64::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}
