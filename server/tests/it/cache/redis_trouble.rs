//! Trouble with a real Redis: each kind is a quick miss, and ends when the trouble ends.

use super::sealer;
use crate::{
    signals::Signal,
    support::{
        log::Log,
        redis::Corner,
        redis_server::RedisServer,
        wait::{until, within},
    },
};
use server::{
    cache::{Cache, MemoryCache, RedisCache, SealedCache},
    clock::Clock,
};
use simulator::fault_proxy::{Direction, Ending, FaultProxy, Weather};
use std::{sync::Arc, time::Duration};

/// As in production.
const TIMEOUT: Duration = Duration::from_millis(50);
/// From the end of any trouble (H4).
const RECOVERED: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(60);
/// Generous, so that a busy machine does not look like a slow cache.
const SLACK: Duration = Duration::from_millis(250);

/// A cache as the product uses it, through a proxy in front of the test Redis.
async fn through(corner: &Corner) -> (Arc<dyn Cache>, FaultProxy) {
    let proxy = corner.proxy();
    let cache = corner.cache_through(&proxy, TIMEOUT).await;
    (Arc::new(SealedCache::new(cache, sealer())), proxy)
}

/// Runs all three operations as many times as a page might: each ends soon, and none returns a value,
/// not even the one put the time before.
async fn brings_nothing_soon(cache: &Arc<dyn Cache>, what: &str) {
    let clock = Clock::system();
    let mut longest = Duration::ZERO;
    for _ in 0..20 {
        let begun = clock.monotonic();
        let (kept, (), ()) = tokio::join!(
            cache.get("bill:put"),
            cache.put("bill:put", b"value", LONG),
            cache.remove("bill:removed"),
        );
        longest = longest.max(clock.monotonic() - begun);
        assert_eq!(kept, None, "{what}");
    }
    assert!(longest < TIMEOUT + SLACK, "{what} took {longest:?}");
}

async fn works_again(cache: &Arc<dyn Cache>, what: &str) {
    within(RECOVERED, what, || async {
        cache.put("bill:again", b"value", LONG).await;
        cache.get("bill:again").await.is_some()
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "no trouble at all")]
async fn that_it_is_well_is_found_out() {
    let cache: Arc<dyn Cache> = Arc::new(MemoryCache::new(100, Clock::system()));
    brings_nothing_soon(&cache, "no trouble at all").await;
}

#[tokio::test]
async fn on_the_way_to_it() {
    let Some(corner) = Corner::find() else { return };
    let (cache, proxy) = through(&corner).await;
    let slow = || Weather::slow(Duration::from_millis(200), Duration::ZERO);
    type Trouble<'a> = (&'a str, &'a (dyn Fn() + Sync));
    let troubles: [Trouble<'_>; 4] = [
        ("refused", &|| {
            proxy.refuse(true);
            proxy.cut_all(Ending::Close);
        }),
        ("reset", &|| {
            proxy.refuse(true);
            proxy.cut_all(Ending::Reset);
        }),
        ("a black hole", &|| {
            proxy.set_weather(Direction::ToClient, Weather::hole());
        }),
        ("200 ms late", &|| {
            proxy.set_weather(Direction::ToClient, slow());
        }),
    ];
    for (what, begin) in troubles {
        works_again(&cache, what).await;
        begin();
        brings_nothing_soon(&cache, what).await;
        proxy.calm();
        works_again(&cache, what).await;
    }
}

#[tokio::test]
async fn inside_of_it() {
    let Some(redis) = RedisServer::start().await else {
        return;
    };
    let cache = RedisCache::connect(&redis.url(), TIMEOUT, Clock::system()).unwrap();
    let cache: Arc<dyn Cache> = Arc::new(SealedCache::new(cache, sealer()));
    works_again(&cache, "the start").await;
    type Commands<'a> = &'a [&'a [&'a str]];
    let troubles: [(&str, Commands<'_>, Commands<'_>); 4] = [
        (
            "out of memory",
            &[&["FLUSHALL"], &["CONFIG", "SET", "maxmemory", "1"]],
            &[&["CONFIG", "SET", "maxmemory", "0"]],
        ),
        (
            "read only",
            &[&["FLUSHALL"], &["REPLICAOF", "127.0.0.1", "1"]],
            &[&["REPLICAOF", "NO", "ONE"]],
        ),
        (
            "an unknown password",
            &[
                &["FLUSHALL"],
                &["CONFIG", "SET", "requirepass", "x"],
                &["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"],
            ],
            &[&["CONFIG", "SET", "requirepass", ""]],
        ),
        (
            "paused",
            &[&["FLUSHALL"], &["CLIENT", "PAUSE", "2000", "ALL"]],
            &[],
        ),
    ];
    for (what, begin, end) in troubles {
        works_again(&cache, what).await;
        redis.run(begin).await;
        brings_nothing_soon(&cache, what).await;
        redis.run(end).await;
        works_again(&cache, what).await;
    }
    redis.run(&[&["FLUSHALL"]]).await;
    assert_eq!(cache.get("bill:again").await, None);
    works_again(&cache, "flushed").await;
}

#[tokio::test]
async fn frozen_killed_and_started_again() {
    let Some(mut redis) = RedisServer::start().await else {
        return;
    };
    let cache = RedisCache::connect(&redis.url(), TIMEOUT, Clock::system()).unwrap();
    let cache: Arc<dyn Cache> = Arc::new(SealedCache::new(cache, sealer()));
    works_again(&cache, "the start").await;
    redis.signal(Signal::STOP);
    brings_nothing_soon(&cache, "stopped").await;
    redis.signal(Signal::CONT);
    works_again(&cache, "continued").await;
    redis.kill().await;
    brings_nothing_soon(&cache, "killed").await;
    redis.start_again().await;
    works_again(&cache, "started again").await;
}

/// Each refused write gives the connection up, and each new one answers a ping.
#[tokio::test]
async fn read_only_for_long() {
    let log = Log::listen();
    let Some(redis) = RedisServer::start().await else {
        return;
    };
    let proxy = Corner::on(redis.url()).proxy();
    let url = format!("redis://{}/", proxy.addr());
    let cache = RedisCache::connect(&url, TIMEOUT, Clock::system()).unwrap();
    until("Redis answers", || async { cache.answers() }).await;
    redis.run(&[&["REPLICAOF", "127.0.0.1", "1"]]).await;
    let (clock, before) = (Clock::system(), proxy.accepted());
    until("three seconds are over", || async {
        cache.put("bill:put", b"value", LONG).await;
        clock.monotonic() > Duration::from_secs(3)
    })
    .await;
    let connects = proxy.accepted() - before;
    assert!((1..=6).contains(&connects), "{connects}");
    for line in ["redis is connected", "redis is lost"] {
        assert_eq!(log.with(line).len(), 1, "{line}");
    }
    redis.run(&[&["REPLICAOF", "NO", "ONE"]]).await;
    let cache: Arc<dyn Cache> = Arc::new(cache);
    works_again(&cache, "writable").await;
}
