//! The cache: bytes under a key for a while. It may forget anything at any time.
//!
//! [`MemoryCache`] is the embedded default; [`RedisCache`] is shared by all replicas and is used
//! through [`SealedCache`], because others can read and write it. One contract suite covers all of
//! them (`server/tests/it/cache`). [`CacheAside`] decides what is cached, for how long, and what
//! happens when the source is away.

mod aside;
mod brief;
mod envelope;
mod flight;
mod memory;
mod near;
mod redis;
mod redis_link;
mod seal;
mod sealed;

pub use self::{
    aside::{CacheAside, Fresh, Policy},
    brief::BriefCache,
    memory::MemoryCache,
    redis::RedisCache,
    redis_link::{RedisLink, RedisTrouble},
    seal::Sealer,
    sealed::SealedCache,
};

use crate::metrics::{CacheMetrics, KINDS};
use async_trait::async_trait;
use std::time::Duration;

/// Longer keys and values are not kept: a limit on entries alone would not bound the memory.
const MAX_KEY_BYTES: usize = 512;
const MAX_VALUE_BYTES: usize = 256 * 1024;

/// A place to keep bytes. Any trouble is a miss: nothing here returns an error, because callers
/// could only ask the source anyway.
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
    /// The metrics of the cache and of what is kept in it.
    fn metrics(&self) -> &CacheMetrics;
}

/// The kind of value a key names, for the metrics: the part before the first colon.
fn kind_of(key: &str) -> &'static str {
    let prefix = key.split(':').next().unwrap_or_default();
    KINDS
        .into_iter()
        .find(|kind| *kind == prefix)
        .unwrap_or("other")
}
