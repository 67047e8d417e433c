//! Client-side caching of Redis: never stale for longer than an invalidation takes.

use crate::support::{redis::Corner, wait::until};
use server::{
    cache::{Cache, RedisCache},
    clock::Clock,
};
use simulator::fault_proxy::{Direction, Ending, Weather};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_millis(500);

async fn reads(cache: &RedisCache, key: &str, value: &'static [u8]) {
    until("the new value is read", || async {
        cache.get(key).await.as_deref() == Some(value)
    })
    .await;
}

#[tokio::test]
async fn a_change_made_elsewhere_is_seen_and_a_lost_connection_believes_nothing() {
    let Some(corner) = Corner::find() else { return };
    let proxy = corner.proxy();
    let here = corner.tracking_through(&proxy, TIMEOUT).await;
    let elsewhere = corner.cache().await;

    let values: [&'static [u8]; 4] = [b"one", b"two", b"three", b"four"];
    for value in values {
        elsewhere.put("bill:1", value, LONG).await;
        reads(&here, "bill:1", value).await;
    }
    elsewhere.remove("bill:1").await;
    until("the removal is seen", || async {
        here.get("bill:1").await.is_none()
    })
    .await;

    // A lost connection takes its values along: without it no invalidation arrives.
    elsewhere.put("bill:1", b"before", LONG).await;
    reads(&here, "bill:1", b"before").await;
    proxy.refuse(true);
    proxy.cut_all(Ending::Reset);
    elsewhere.put("bill:1", b"after", LONG).await;
    until("the loss is noticed", || async { !here.answers() }).await;
    assert_eq!(here.get("bill:1").await, None);
    proxy.calm();
    until("Redis is back", || async { here.answers() }).await;
    reads(&here, "bill:1", b"after").await;
}

#[tokio::test]
async fn bills_are_kept_in_the_process_and_sessions_are_not() {
    let Some(corner) = Corner::find() else { return };
    let proxy = corner.proxy();
    let here = corner.tracking_through(&proxy, TIMEOUT).await;
    for key in ["bill:1", "session:1"] {
        here.put(key, b"value", LONG).await;
        reads(&here, key, b"value").await;
    }
    // Nothing comes through: what is still answered comes from this process.
    proxy.set_weather(Direction::ToClient, Weather::hole());
    let clock = Clock::system();
    assert_eq!(here.get("bill:1").await.as_deref(), Some(&b"value"[..]));
    assert!(clock.monotonic() < TIMEOUT);
    assert_eq!(here.get("session:1").await, None);
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_though_values_are_answered_here() {
    let Some(corner) = Corner::find() else { return };
    let proxy = corner.proxy();
    let here = corner.tracking_through(&proxy, TIMEOUT).await;
    here.put("bill:1", b"value", LONG).await;
    reads(&here, "bill:1", b"value").await;
    proxy.set_weather(Direction::ToClient, Weather::hole());
    assert_eq!(here.get("bill:1").await.as_deref(), Some(&b"value"[..]));
    for _ in 0..3 {
        assert_eq!(here.get("session:1").await, None);
        here.get("bill:1").await;
    }
    assert!(!here.answers(), "three answers in a row were missing");
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_though_nothing_is_asked_of_it() {
    let Some(corner) = Corner::find() else { return };
    let proxy = corner.proxy();
    let here = corner.tracking_through(&proxy, TIMEOUT).await;
    proxy.set_weather(Direction::ToClient, Weather::hole());
    until("it is given up", || async { !here.answers() }).await;
}

/// The bound is what is left when an invalidation is lost and the connection is not.
#[tokio::test]
async fn a_value_is_not_answered_here_for_longer_than_the_bound() {
    let Some(corner) = Corner::find() else { return };
    let proxy = corner.proxy();
    let longest = Duration::from_millis(200);
    let here = corner.tracking_for(longest, &proxy, TIMEOUT).await;
    here.put("bill:1", b"value", LONG).await;
    reads(&here, "bill:1", b"value").await;
    proxy.set_weather(Direction::ToClient, Weather::hole());
    until("it is asked of Redis again", || async {
        here.get("bill:1").await.is_none()
    })
    .await;
    assert!(here.answers(), "it ended with the connection");
}
