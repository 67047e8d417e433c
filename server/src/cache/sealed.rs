//! A cache outside the process, with encrypted values.

use super::{Cache, MAX_VALUE_BYTES, kind_of, seal::Sealer};
use crate::metrics::CacheMetrics;
use async_trait::async_trait;
use std::time::Duration;

/// Stores only sealed values in the cache behind it. A value that does not open is removed,
/// counted, and a miss.
pub struct SealedCache<C> {
    behind: C,
    sealer: Sealer,
}

impl<C: Cache> SealedCache<C> {
    pub fn new(behind: C, sealer: Sealer) -> Self {
        Self { behind, sealer }
    }
}

#[async_trait]
impl<C: Cache> Cache for SealedCache<C> {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let sealed = self.behind.get(key).await?;
        let opened = self.sealer.open(key, &sealed);
        if opened.is_none() {
            let kind = kind_of(key);
            tracing::warn!(kind, "a cached value was not as it was sealed; removed");
            self.metrics().rejected(kind);
            self.behind.remove(key).await;
        }
        opened
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        match self.sealer.seal(key, value) {
            Some(sealed) if value.len() <= MAX_VALUE_BYTES => {
                self.behind.put(key, &sealed, ttl).await;
            }
            _ => self.behind.remove(key).await,
        }
    }

    async fn remove(&self, key: &str) {
        self.behind.remove(key).await;
    }

    fn shared(&self) -> bool {
        self.behind.shared()
    }

    fn answers(&self) -> bool {
        self.behind.answers()
    }

    fn metrics(&self) -> &CacheMetrics {
        self.behind.metrics()
    }
}
