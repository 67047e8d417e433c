//! The metrics of calls to a neighbouring system.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::time::Duration;

/// Upper bounds in seconds, around the deadlines of 3 s and 5 s.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0];

/// The counters of the calls to one neighbour. Clones share them.
#[derive(Clone, Debug)]
pub struct CallMetrics {
    calls: Family<CallLabels, Counter>,
    durations: Family<OperationLabels, Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    operation: &'static str,
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
}

impl Default for CallMetrics {
    fn default() -> Self {
        Self {
            calls: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
        }
    }
}

impl CallMetrics {
    /// Registers them as `<neighbour>_calls` and `<neighbour>_call_duration`, those of `operations` at
    /// zero included.
    pub fn register(
        &self,
        neighbour: &str,
        operations: impl IntoIterator<Item = &'static str>,
        registry: &mut Registry,
    ) {
        for operation in operations {
            self.count(operation, "ok");
            drop(self.durations.get_or_create(&OperationLabels { operation }));
        }
        registry.register(
            format!("{neighbour}_calls"),
            "Calls by operation and how they ended, those not sent among them",
            self.calls.clone(),
        );
        registry.register_with_unit(
            format!("{neighbour}_call_duration"),
            "Time of calls that were sent, connecting included, to the last byte",
            Unit::Seconds,
            self.durations.clone(),
        );
    }

    /// Counts a call; `took` is `None` when nothing was sent.
    pub fn ended(&self, operation: &'static str, result: &'static str, took: Option<Duration>) {
        let labels = CallLabels { operation, result };
        self.calls.get_or_create(&labels).inc();
        if let Some(took) = took {
            self.durations
                .get_or_create(&OperationLabels { operation })
                .observe(took.as_secs_f64());
        }
    }

    /// Calls so far with that result.
    pub fn count(&self, operation: &'static str, result: &'static str) -> u64 {
        let labels = CallLabels { operation, result };
        self.calls.get_or_create(&labels).get()
    }
}
