//! A corner of a real Redis that only one test uses.

use super::{environment, wait::until};
use server::{
    cache::{Cache, RedisCache},
    clock::Clock,
    ids::Ids,
};
use std::time::Duration;

/// The time-out of an operation; longer than in production, so that a busy machine is no miss.
const PATIENT: Duration = Duration::from_secs(2);

/// The cache on the Redis of `PHONEBILL_TEST_REDIS_URL`; `None`, having said so, when there is none.
pub async fn connected() -> Option<RedisCache> {
    let url = environment::backend(environment::REDIS_URL)?;
    let clock = Clock::system();
    let namespace = format!("test-{}", Ids::random(clock.clone()).token());
    let cache = RedisCache::connect(&url, PATIENT, clock)
        .unwrap()
        .within(&namespace);
    until("Redis answers", || async { cache.answers() }).await;
    Some(cache)
}
