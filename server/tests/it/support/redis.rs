//! A corner of a real Redis that only one test uses.

use super::{backends::required, wait::until};
use server::{
    cache::{Cache, RedisCache},
    clock::Clock,
    ids::Ids,
};
use std::{io::Write, time::Duration};

/// The time-out of an operation; longer than in production, so that a busy machine is no miss.
const PATIENT: Duration = Duration::from_secs(2);

/// The cache on the Redis of `PHONEBILL_TEST_REDIS_URL`; `None`, having said so, when there is none.
#[expect(
    clippy::disallowed_methods,
    clippy::explicit_write,
    reason = "the environment tells tests where their back ends are; eprintln is swallowed"
)]
pub async fn connected() -> Option<RedisCache> {
    let Ok(url) = std::env::var("PHONEBILL_TEST_REDIS_URL") else {
        assert!(!required(), "PHONEBILL_TEST_REDIS_URL is not set");
        let test = std::thread::current();
        let test = test.name().unwrap_or_default();
        writeln!(
            std::io::stderr(),
            "skipped {test}: PHONEBILL_TEST_REDIS_URL is not set"
        )
        .unwrap();
        return None;
    };
    let clock = Clock::system();
    let namespace = format!("test-{}", Ids::random(clock.clone()).token());
    let cache = RedisCache::connect(&url, PATIENT, clock)
        .unwrap()
        .within(&namespace);
    until("Redis answers", || async { cache.answers() }).await;
    Some(cache)
}
