//! The cache that all replicas share.

use super::{
    Cache, MAX_KEY_BYTES, MAX_VALUE_BYTES, kind_of,
    redis_link::{RedisLink, RedisTrouble},
};
use crate::{clock::Clock, error::Chain, metrics::CacheMetrics, telemetry::Throttle};
use async_trait::async_trait;
use redis::{Cmd, RedisError};
use std::{sync::Arc, time::Duration};

/// Others may use the same Redis, and a release with another sealed form takes another prefix.
const PREFIX: &str = "phonebill:v1:";
/// The longest a value is answered from this process when its invalidation never arrives.
const TRACKED_FOR: Duration = Duration::from_secs(60);
/// Trouble is logged at most this often.
const WARN_EVERY: Duration = Duration::from_secs(10);

/// Values in Redis. Every operation ends within the operation time-out, and at once while Redis is
/// away; connecting is never part of one.
#[derive(Clone)]
pub struct RedisCache {
    link: Arc<RedisLink>,
    prefix: String,
    tracks: bool,
    warnings: Throttle,
    metrics: CacheMetrics,
}

impl RedisCache {
    /// Starts connecting in the background: Redis may be away. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn connect(
        url: &str,
        operation_timeout: Duration,
        clock: Clock,
    ) -> Result<Self, RedisError> {
        let link = RedisLink::open(url, operation_timeout)?;
        Ok(Self::over(link, clock, false))
    }

    /// The same, with values also kept in this process until Redis reports that they have changed.
    /// Not sessions: one ended elsewhere must be noticed even when Redis cannot report it.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn tracking(
        url: &str,
        operation_timeout: Duration,
        clock: Clock,
    ) -> Result<Self, RedisError> {
        Self::tracking_for(TRACKED_FOR, url, operation_timeout, clock)
    }

    /// The same, each value for another longest time in this process.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn tracking_for(
        longest: Duration,
        url: &str,
        operation_timeout: Duration,
        clock: Clock,
    ) -> Result<Self, RedisError> {
        let link = RedisLink::tracking(url, operation_timeout, longest)?;
        Ok(Self::over(link, clock, true))
    }

    fn over(link: RedisLink, clock: Clock, tracks: bool) -> Self {
        Self {
            link: Arc::new(link),
            prefix: PREFIX.to_owned(),
            tracks,
            warnings: Throttle::every(WARN_EVERY, clock),
            metrics: CacheMetrics::default(),
        }
    }

    /// The same Redis with its own keys below the common prefix; an empty name means the common
    /// ones.
    pub fn within(mut self, namespace: &str) -> Self {
        if !namespace.is_empty() {
            self.prefix = format!("{PREFIX}{namespace}:");
        }
        self
    }

    async fn run<T: redis::FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        self.or_miss(self.link.run(command).await)
    }

    /// The answer, or a miss that is counted and logged.
    fn or_miss<T>(&self, answer: Result<T, RedisTrouble>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(trouble) => {
                self.metrics.trouble(trouble.reason());
                if self.warnings.is_due() {
                    tracing::warn!(error = %Chain(&trouble), "cache operation failed");
                }
                None
            }
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let mut get = redis::cmd("GET");
        get.arg(self.key(key));
        if self.tracks && kind_of(key) != "session" {
            let answer = self.link.run_tracked::<Option<Vec<u8>>>(&mut get).await;
            return self.or_miss(answer).flatten();
        }
        self.run::<Option<Vec<u8>>>(&get).await.flatten()
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        let ttl_ms = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        // Sealing makes a value a little longer.
        let long = key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES + 64;
        if ttl_ms == 0 || long {
            return self.remove(key).await;
        }
        let mut set = redis::cmd("SET");
        set.arg(self.key(key)).arg(value).arg("PX").arg(ttl_ms);
        self.run::<()>(&set).await;
    }

    async fn remove(&self, key: &str) {
        self.run::<()>(redis::cmd("DEL").arg(self.key(key))).await;
    }

    fn shared(&self) -> bool {
        true
    }

    fn answers(&self) -> bool {
        self.link.is_up()
    }

    fn metrics(&self) -> &CacheMetrics {
        &self.metrics
    }
}
