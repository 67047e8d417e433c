//! The cache: in the process, or in Redis behind a seal.

use crate::{
    cache::{Cache, MemoryCache, RedisCache, SealedCache, Sealer},
    clock::Clock,
    config::{AuthConfig, Config},
    ids::Ids,
};
use anyhow::Context;
use aws_lc_rs::error::Unspecified;
use secrecy::ExposeSecret;
use std::sync::Arc;

/// Values in the process are bounded and not sealed; values in Redis are sealed with a key derived from
/// the token secret, which every replica has, or verifies with during its rotation.
pub(super) fn open(config: &Config, clock: &Clock, ids: &Ids) -> anyhow::Result<Arc<dyn Cache>> {
    let Some(url) = &config.cache.url else {
        let entries = config.cache.max_entries;
        return Ok(Arc::new(MemoryCache::new(entries, clock.clone())));
    };
    let connect = if config.cache.client_side {
        RedisCache::tracking
    } else {
        RedisCache::connect
    };
    let redis = connect(
        url.expose_secret(),
        config.cache.operation_timeout,
        clock.clone(),
    )?;
    let sealer = sealer(&config.auth, ids).ok();
    let sealer = sealer.context("no key can be derived for the cache")?;
    let redis = redis.within(&config.cache.namespace);
    Ok(Arc::new(SealedCache::new(redis, sealer)))
}

fn sealer(config: &AuthConfig, ids: &Ids) -> Result<Sealer, Unspecified> {
    let own = config.token_secret.expose_secret();
    let others = config.verify_keys.iter();
    others.fold(
        Sealer::new(own.as_bytes(), ids.clone()),
        |sealer, (_, secret)| sealer?.opening(secret.expose_secret().as_bytes()),
    )
}
