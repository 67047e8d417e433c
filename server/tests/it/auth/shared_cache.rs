//! A cache that several replicas share.

use super::{Rig, auth};
use async_trait::async_trait;
use server::{
    auth::Auth,
    cache::{Cache, MemoryCache},
    clock::Clock,
    metrics::CacheMetrics,
};
use std::{sync::Arc, time::Duration};

/// A memory cache that reports itself as shared, like Redis.
pub struct Shared(pub MemoryCache);

#[async_trait]
impl Cache for Shared {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key).await
    }
    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        self.0.put(key, value, ttl).await;
    }
    async fn remove(&self, key: &str) {
        self.0.remove(key).await;
    }
    fn shared(&self) -> bool {
        true
    }
    fn answers(&self) -> bool {
        true
    }
    fn metrics(&self) -> &CacheMetrics {
        self.0.metrics()
    }
}

/// Another replica on that cache and the same connections.
pub fn on_cache(rig: &Rig, cache: Arc<dyn Cache>) -> Auth {
    on_cache_by(rig, &rig.clock, cache)
}

/// The same with a clock of its own.
pub fn on_cache_by(rig: &Rig, clock: &Clock, cache: Arc<dyn Cache>) -> Auth {
    auth(&rig.database.db, cache, &rig.config, clock, &rig.ids)
}
