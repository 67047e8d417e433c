//! A namespace of a real Redis that only one test uses.

use super::{environment, wait::until};
use server::{
    cache::{Cache, RedisCache},
    clock::Clock,
    ids::Ids,
};
use simulator::fault_proxy::{FaultProxy, Protocol};
use std::{net::SocketAddr, time::Duration};

/// Time-out of an operation; longer than in production, so that a busy machine causes no miss.
const PATIENT: Duration = Duration::from_secs(2);

/// The test Redis and one test's namespace.
pub struct Corner {
    url: String,
    namespace: String,
}

impl Corner {
    /// On the Redis of `PHONEBILL_TEST_REDIS_URL`; `None`, after saying so, if it is not set.
    pub fn find() -> Option<Self> {
        environment::backend(environment::REDIS_URL).map(Self::on)
    }

    /// On the Redis at a URL.
    pub fn on(url: String) -> Self {
        let token = Ids::random(Clock::system()).token();
        Self::named(url, format!("test-{token}"))
    }

    /// The namespace of that name, on the Redis at a URL.
    pub fn named(url: String, namespace: String) -> Self {
        Self { url, namespace }
    }

    /// A fault proxy in front of it.
    pub fn proxy(&self) -> FaultProxy {
        let (_, address) = self.url.trim_end_matches('/').split_once("//").unwrap();
        let address: SocketAddr = address.replace("localhost", "127.0.0.1").parse().unwrap();
        FaultProxy::start(address, Protocol::Redis, 7).unwrap()
    }

    /// A replica's cache, connected.
    pub async fn cache(&self) -> RedisCache {
        self.connect(&self.url, PATIENT).await
    }

    /// A replica's cache through a proxy, with the given time-out.
    pub async fn cache_through(&self, proxy: &FaultProxy, timeout: Duration) -> RedisCache {
        self.connect(&format!("redis://{}/", proxy.addr()), timeout)
            .await
    }

    /// A connection to Redis that bypasses the cache.
    pub async fn raw(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url.as_str()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// The name in Redis of a key of the cache.
    pub fn key(&self, key: &str) -> String {
        format!("phonebill:v1:{}:{key}", self.namespace)
    }

    /// The same, with client-side caching.
    pub async fn tracking(&self) -> RedisCache {
        let cache = RedisCache::tracking(&self.url, PATIENT, Clock::system());
        self.settle(cache.unwrap()).await
    }

    /// The same, through a proxy, with the given time-out.
    pub async fn tracking_through(&self, proxy: &FaultProxy, timeout: Duration) -> RedisCache {
        let url = format!("redis://{}/", proxy.addr());
        let cache = RedisCache::tracking(&url, timeout, Clock::system());
        self.settle(cache.unwrap()).await
    }

    /// The same, with a longest time for values in this process.
    pub async fn tracking_for(
        &self,
        longest: Duration,
        proxy: &FaultProxy,
        timeout: Duration,
    ) -> RedisCache {
        let url = format!("redis://{}/", proxy.addr());
        let cache = RedisCache::tracking_for(longest, &url, timeout, Clock::system());
        self.settle(cache.unwrap()).await
    }

    async fn connect(&self, url: &str, timeout: Duration) -> RedisCache {
        let cache = RedisCache::connect(url, timeout, Clock::system());
        self.settle(cache.unwrap()).await
    }

    async fn settle(&self, cache: RedisCache) -> RedisCache {
        let cache = cache.within(&self.namespace);
        until("Redis answers", || async { cache.answers() }).await;
        cache
    }
}

/// A cache on its own corner; `None`, after saying so, if the tests run without Redis.
pub async fn connected() -> Option<RedisCache> {
    Some(Corner::find()?.cache().await)
}
