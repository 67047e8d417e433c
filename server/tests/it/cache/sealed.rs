//! Sealed values: a value in Redis that was tampered with is never served.

use super::sealer;
use crate::support::redis::Corner;
use redis::AsyncCommands;
use server::{
    cache::{Cache, MemoryCache, SealedCache, Sealer},
    clock::Clock,
    ids::Ids,
};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);
const NAME: &str = "김하늘";

#[tokio::test]
async fn a_value_that_was_altered_swapped_or_sealed_elsewhere_is_removed_and_counted() {
    let store = MemoryCache::new(1_000, Clock::system());
    let cache = SealedCache::new(store.clone(), sealer());
    cache.put("bill:one", b"one", LONG).await;
    cache.put("bill:two", b"two", LONG).await;
    let (one, two) = (
        store.get("bill:one").await.unwrap(),
        store.get("bill:two").await.unwrap(),
    );
    let mut altered = one.clone();
    altered[20] ^= 1;
    let mut older = one.clone();
    older[0] = 0;
    let elsewhere = Sealer::new(b"another secret", Ids::random(Clock::system())).unwrap();
    let foreign = elsewhere.seal("bill:one", b"one").unwrap();
    let wrong = [
        ("altered", altered),
        ("of an older form", older),
        ("swapped", two),
        ("cut", one[..one.len() - 1].to_vec()),
        ("empty", Vec::new()),
        ("not sealed", b"{\"version\":1}".to_vec()),
        ("sealed elsewhere", foreign),
    ];
    for (number, (what, value)) in (1..).zip(wrong) {
        store.put("bill:one", &value, LONG).await;
        assert_eq!(cache.get("bill:one").await, None, "{what}");
        assert_eq!(store.get("bill:one").await, None, "{what} stays");
        assert_eq!(cache.metrics().rejections("bill"), number, "{what}");
    }
    store.put("bill:one", &one, LONG).await;
    assert_eq!(cache.get("bill:one").await.as_deref(), Some(&b"one"[..]));
}

#[tokio::test]
async fn redis_holds_nothing_that_can_be_read() {
    let Some(corner) = Corner::find() else { return };
    let cache = SealedCache::new(corner.cache().await, sealer());
    cache.put("session:1", NAME.as_bytes(), LONG).await;
    let mut raw = corner.raw().await;
    let key = corner.key("session:1");
    let kept: Vec<u8> = raw.get(&key).await.unwrap();
    let name = NAME.as_bytes();
    assert!(!kept.windows(name.len()).any(|window| window == name));
    // Another replica, with the same secret, reads it.
    let replica = SealedCache::new(corner.cache().await, sealer());
    assert_eq!(replica.get("session:1").await.as_deref(), Some(name));
}

#[tokio::test]
async fn a_key_that_holds_another_type_is_a_miss_and_can_be_replaced() {
    let Some(corner) = Corner::find() else { return };
    let cache = SealedCache::new(corner.cache().await, sealer());
    let mut raw = corner.raw().await;
    let _: i64 = raw.rpush(corner.key("line:1"), "x").await.unwrap();
    assert_eq!(cache.get("line:1").await, None);
    cache.put("line:1", b"value", LONG).await;
    assert_eq!(cache.get("line:1").await.as_deref(), Some(&b"value"[..]));
}
