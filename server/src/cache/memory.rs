//! The cache inside the process.

use super::Cache;
use crate::clock::Clock;
use async_trait::async_trait;
use moka::Expiry;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Longer keys and values are not kept: the entry count alone would not bound the memory.
const MAX_KEY_BYTES: usize = 512;
const MAX_VALUE_BYTES: usize = 256 * 1024;

/// A bounded in-process cache; the least useful entries leave first.
#[derive(Clone)]
pub struct MemoryCache {
    entries: moka::future::Cache<String, Entry>,
    clock: Clock,
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
    /// An empty cache of at most `max_entries`.
    pub fn new(max_entries: u64, clock: Clock) -> Self {
        Self {
            entries: moka::future::Cache::builder()
                .max_capacity(max_entries)
                .expire_after(OwnTtl)
                .build(),
            clock,
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
}

#[cfg(test)]
mod tests {
    use super::{Cache, MAX_VALUE_BYTES, MemoryCache};
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

        cache
            .put("large", &vec![0; MAX_VALUE_BYTES + 1], MINUTE)
            .await;
        assert_eq!(cache.get("large").await, None);
        cache.put(&"k".repeat(10_000), b"value", MINUTE).await;
        assert_eq!(cache.get(&"k".repeat(10_000)).await, None);
    }
}
