//! The cache: one contract over both kinds, cache-aside, and Redis going away.

mod aside;
mod contract;
mod generations;
mod redis_away;

use crate::support::redis::connected;
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
};
use std::sync::Arc;

/// Runs the body on a cache in the process.
async fn on_memory<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    body(Arc::new(MemoryCache::new(1_000, Clock::system()))).await;
}

/// Runs the body on a corner of its own of the test Redis.
async fn on_redis<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    if let Some(cache) = connected().await {
        body(Arc::new(cache)).await;
    }
}

/// Makes the tests `memory::<name>` and `redis::<name>` of each named body.
macro_rules! on_both_caches {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                crate::cache::on_memory(super::$name).await;
            })+
        }

        mod redis {
            $(#[tokio::test]
            async fn $name() {
                crate::cache::on_redis(super::$name).await;
            })+
        }
    };
}

use on_both_caches;
