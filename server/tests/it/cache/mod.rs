//! The cache: one contract over every kind, cache-aside, cold readers, tampered values, generations of
//! lines, times to live of KOS data, and Redis in trouble.

mod aside;
mod cold_readers;
mod contract;
mod generations;
mod policies;
mod redis_away;
mod redis_trouble;
mod sealed;
mod spread;
mod tracking;

use crate::support::redis::{Corner, connected};
use server::{
    cache::{Cache, MemoryCache, SealedCache, Sealer},
    clock::Clock,
    ids::Ids,
};
use std::sync::Arc;

/// Runs the body on an in-process cache.
async fn on_memory<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    body(Arc::new(MemoryCache::new(1_000, Clock::system()))).await;
}

/// Runs the body on its own corner of the test Redis.
async fn on_redis<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    if let Some(cache) = connected().await {
        body(Arc::new(cache)).await;
    }
}

/// The same with values kept in this process too.
async fn on_tracking_redis<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    if let Some(corner) = Corner::find() {
        body(Arc::new(corner.tracking().await)).await;
    }
}

/// On Redis with sealed values, as the product uses it.
async fn on_sealed_redis<F: Future<Output = ()>>(body: fn(Arc<dyn Cache>) -> F) {
    if let Some(cache) = connected().await {
        body(Arc::new(SealedCache::new(cache, sealer()))).await;
    }
}

fn sealer() -> Sealer {
    Sealer::new(b"a secret of all replicas", Ids::random(Clock::system())).unwrap()
}

/// Makes the tests `memory::<name>`, `redis::<name>`, `tracking_redis::<name>` and `sealed_redis::<name>` of
/// each named body.
macro_rules! on_all_caches {
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

        mod tracking_redis {
            $(#[tokio::test]
            async fn $name() {
                crate::cache::on_tracking_redis(super::$name).await;
            })+
        }

        mod sealed_redis {
            $(#[tokio::test]
            async fn $name() {
                crate::cache::on_sealed_redis(super::$name).await;
            })+
        }
    };
}

use on_all_caches;
