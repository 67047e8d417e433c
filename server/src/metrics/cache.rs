//! The metrics of caches.

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// The kinds of values that are cached.
pub const KINDS: [&str; 4] = ["session", "bill", "line", "catalogue"];

/// The result of a lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Lookup {
    /// Served from the cache.
    Hit,
    /// The source was asked.
    Miss,
    /// The source was away, and an older value was served and marked.
    Stale,
}

/// The counters of one cache and of everything kept in it. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct CacheMetrics {
    lookups: Family<LookupLabels, Counter>,
    rejected: Family<KindLabels, Counter>,
    waiters: Family<KindLabels, Gauge>,
    trouble: Family<TroubleLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LookupLabels {
    kind: &'static str,
    result: Lookup,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabels {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TroubleLabels {
    reason: &'static str,
}

impl CacheMetrics {
    /// Registers them, those at zero included.
    pub fn register(&self, registry: &mut Registry) {
        for kind in KINDS {
            for result in [Lookup::Hit, Lookup::Miss, Lookup::Stale] {
                self.lookups(kind, result);
            }
            self.rejections(kind);
            drop(self.waiters.get_or_create(&KindLabels { kind }));
        }
        for reason in ["away", "slow", "refused"] {
            drop(self.trouble.get_or_create(&TroubleLabels { reason }));
        }
        registry.register(
            "cache_lookups",
            "Looks into the cache by kind of value and result",
            self.lookups.clone(),
        );
        registry.register(
            "cache_rejected",
            "Cached values that were not as they were sealed, or somebody else's",
            self.rejected.clone(),
        );
        registry.register(
            "cache_load_waiters",
            "Callers that wait for a load, the one who started it among them",
            self.waiters.clone(),
        );
        registry.register(
            "cache_trouble",
            "Operations on the shared cache that brought nothing",
            self.trouble.clone(),
        );
    }

    /// Counts a lookup of that kind.
    pub fn looked(&self, kind: &'static str, result: Lookup) {
        let labels = LookupLabels { kind, result };
        self.lookups.get_or_create(&labels).inc();
    }

    /// Lookups so far with that result.
    pub fn lookups(&self, kind: &'static str, result: Lookup) -> u64 {
        let labels = LookupLabels { kind, result };
        self.lookups.get_or_create(&labels).get()
    }

    /// Counts a value that was discarded as invalid.
    pub fn rejected(&self, kind: &'static str) {
        self.rejected.get_or_create(&KindLabels { kind }).inc();
    }

    /// Discarded values of that kind so far.
    pub fn rejections(&self, kind: &'static str) -> u64 {
        self.rejected.get_or_create(&KindLabels { kind }).get()
    }

    /// Counts a failed operation.
    pub fn trouble(&self, reason: &'static str) {
        self.trouble.get_or_create(&TroubleLabels { reason }).inc();
    }

    /// Counts a caller who waits for a load of that kind, until the value is dropped.
    pub fn waiting(&self, kind: &'static str) -> Waiting {
        let gauge = self.waiters.get_or_create_owned(&KindLabels { kind });
        gauge.inc();
        Waiting(gauge)
    }
}

/// A caller who waits.
#[derive(Debug)]
pub struct Waiting(Gauge);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}
