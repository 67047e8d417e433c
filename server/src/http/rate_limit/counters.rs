//! How often each limit admitted and refused, and by whose buckets.

use super::rules::{Ask, Limit};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use std::sync::Arc;

/// Whose buckets decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(super) enum CountedBy {
    /// Redis, for all replicas.
    Redis,
    /// This replica for itself: there is no Redis, or it is in trouble.
    Replica,
    /// This replica, before anything was spent on the request.
    Shield,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
enum Decision {
    Allowed,
    Limited,
}

const ALL: [CountedBy; 3] = [CountedBy::Redis, CountedBy::Replica, CountedBy::Shield];

/// The counters of one limiter. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Counters {
    family: Family<Labels, Counter>,
    /// The counters of each limit, by [`CountedBy`]; looked up once, because every request counts.
    resolved: Arc<[[Pair; ALL.len()]]>,
}

#[derive(Clone, Debug)]
struct Pair {
    allowed: Counter,
    limited: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    limit: &'static str,
    counted_by: CountedBy,
    decision: Decision,
}

impl Default for Counters {
    fn default() -> Self {
        let family = Family::<Labels, Counter>::default();
        let counter = |limit: Limit, counted_by, decision| {
            let limit = limit.name();
            let labels = Labels {
                limit,
                counted_by,
                decision,
            };
            family.get_or_create(&labels).clone()
        };
        let of = |limit: &Limit| {
            ALL.map(|counted_by| Pair {
                allowed: counter(*limit, counted_by, Decision::Allowed),
                limited: counter(*limit, counted_by, Decision::Limited),
            })
        };
        let resolved = Limit::ALL.iter().map(of).collect();
        Self { family, resolved }
    }
}

impl Counters {
    /// Registers them, those at zero included.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "rate_limit_decisions",
            "What rate limits decided, by limit and by who counted",
            self.family.clone(),
        );
    }

    /// Counts an admitted request under each of these.
    pub fn allowed(&self, by: CountedBy, asks: &[Ask]) {
        for ask in asks.iter().filter(|ask| ask.take) {
            self.of(ask.limit, by).allowed.inc();
        }
    }

    /// Counts a request that this limit refused.
    pub fn limited(&self, by: CountedBy, limit: Limit) {
        self.of(limit, by).limited.inc();
    }

    fn of(&self, limit: Limit, by: CountedBy) -> &Pair {
        &self.resolved[limit.index()][by as usize]
    }
}
