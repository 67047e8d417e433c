//! The cache inside the process.

use super::{Cache, MAX_KEY_BYTES, MAX_VALUE_BYTES};
use crate::{clock::Clock, metrics::CacheMetrics};
use async_trait::async_trait;
use moka::Expiry;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// All entries: with the allocator's overhead, 64 MiB of the process.
const MAX_BYTES: u64 = 56 * 1024 * 1024;
/// An entry's overhead beside key and value: its places in the map and in the orders of use and of
/// expiry.
const ENTRY_BYTES: usize = 512;

/// An in-process cache, bounded in entries and in bytes; the least useful entries are evicted
/// first.
#[derive(Clone)]
pub struct MemoryCache {
    entries: moka::future::Cache<String, Entry>,
    clock: Clock,
    metrics: CacheMetrics,
}

#[derive(Clone)]
struct Entry {
    value: Arc<[u8]>,
    ttl: Duration,
    /// On the injected monotonic clock; decides whether the entry is still served.
    expires: Duration,
}

/// Frees the memory of expired entries. An update starts the new value's own time to live.
struct OwnTtl;

impl Expiry<String, Entry> for OwnTtl {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

impl MemoryCache {
    /// An empty cache of at most `max_entries`, which takes at most 64 MiB.
    pub fn new(max_entries: u64, clock: Clock) -> Self {
        // moka bounds either entries or weight. With a minimum weight per entry, the weight bounds
        // both.
        let least = u32::try_from(MAX_BYTES / max_entries.max(1)).unwrap_or(u32::MAX);
        let weight = move |key: &String, entry: &Entry| {
            u32::try_from(ENTRY_BYTES + key.len() + entry.value.len())
                .unwrap_or(u32::MAX)
                .max(least)
        };
        Self {
            entries: moka::future::Cache::builder()
                .max_capacity(MAX_BYTES)
                .weigher(weight)
                .expire_after(OwnTtl)
                .build(),
            clock,
            metrics: CacheMetrics::default(),
        }
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let entry = self.entries.get(key).await?;
        (self.clock.monotonic() < entry.expires).then(|| entry.value.to_vec())
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        if key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES || ttl.is_zero() {
            self.entries.invalidate(key).await;
            return;
        }
        let entry = Entry {
            value: value.into(),
            ttl,
            expires: self.clock.monotonic() + ttl,
        };
        self.entries.insert(key.to_owned(), entry).await;
    }

    async fn remove(&self, key: &str) {
        self.entries.invalidate(key).await;
    }

    fn shared(&self) -> bool {
        false
    }

    fn answers(&self) -> bool {
        true
    }

    fn metrics(&self) -> &CacheMetrics {
        &self.metrics
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, MAX_BYTES, MAX_VALUE_BYTES, MemoryCache};
    use crate::clock::Clock;
    use std::time::Duration;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_value_expires_by_the_injected_clock_and_an_update_restarts_it() {
        let clock = Clock::manual(0);
        let cache = MemoryCache::new(10, clock.clone());
        cache.put("key", b"one", MINUTE).await;
        clock.advance(Duration::from_secs(59));
        assert_eq!(cache.get("key").await.as_deref(), Some(&b"one"[..]));
        cache.put("key", b"two", MINUTE).await;
        clock.advance(Duration::from_secs(59));
        assert_eq!(cache.get("key").await.as_deref(), Some(&b"two"[..]));
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.get("key").await, None);
    }

    #[tokio::test]
    async fn entries_and_bytes_are_bounded() {
        let cache = MemoryCache::new(100, Clock::manual(0));
        for number in 0..2_000 {
            cache.put(&number.to_string(), b"value", MINUTE).await;
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.entry_count() <= 100);

        let cache = MemoryCache::new(1_000_000, Clock::manual(0));
        let large = vec![0; MAX_VALUE_BYTES];
        for number in 0..1_000 {
            cache.put(&number.to_string(), &large, MINUTE).await;
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.weighted_size() <= MAX_BYTES);
        assert!(cache.entries.entry_count() > 100);
    }
}
