//! The cache: in the process, or in Redis behind a seal.

use crate::{
    cache::{Cache, MemoryCache, RedisCache, SealedCache, Sealer},
    clock::Clock,
    config::Config,
    ids::Ids,
};
use anyhow::Context;
use secrecy::ExposeSecret;
use std::sync::Arc;

/// What the process itself holds is bounded and not sealed; what leaves it is sealed with a key
/// derived from the token secret, which every replica has.
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
    let secret = config.auth.token_secret.expose_secret();
    let sealer = Sealer::new(secret.as_bytes(), ids.clone())
        .ok()
        .context("no key can be derived for the cache")?;
    let redis = redis.within(&config.cache.namespace);
    Ok(Arc::new(SealedCache::new(redis, sealer)))
}
