//! The cache: bytes under a key for a while. It may forget anything at any time.
//!
//! [`MemoryCache`] is the embedded default, [`RedisCache`] is shared by all replicas; one contract
//! suite runs over both (`server/tests/it/cache`). What may be cached, for how long and what is
//! done when its source is away is the business of [`CacheAside`].

mod aside;
mod envelope;
mod memory;
mod redis;
mod redis_link;

pub use self::{
    aside::{CacheAside, Fresh, Policy},
    memory::MemoryCache,
    redis::RedisCache,
    redis_link::{RedisLink, RedisTrouble},
};

use async_trait::async_trait;
use std::time::Duration;

/// A place to keep bytes. Trouble is a miss: nothing here returns an error, because nobody could
/// do anything about it but ask the source.
#[async_trait]
pub trait Cache: Send + Sync {
    /// The value, unless it expired, was removed, was evicted, or cannot be had in time.
    async fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps the value for `ttl`, replacing an earlier one and its time to live.
    async fn put(&self, key: &str, value: &[u8], ttl: Duration);
    /// Forgets the value.
    async fn remove(&self, key: &str);
    /// Whether all replicas see one cache.
    fn shared(&self) -> bool;
    /// Whether it answers at the moment, for the readiness report.
    fn answers(&self) -> bool;
}
