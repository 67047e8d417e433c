//! The contract of every cache.

use super::on_all_caches;
use crate::support::wait::until;
use server::cache::Cache;
use std::{sync::Arc, time::Duration};

const LONG: Duration = Duration::from_secs(60);

on_all_caches! {
    gives_back_what_was_put,
    a_second_put_replaces_value_and_time_to_live,
    a_removed_value_is_gone,
    a_value_expires,
    a_value_without_time_to_live_is_not_kept,
    any_bytes_and_keys_are_told_apart,
    what_is_too_long_is_not_kept,
}

async fn gives_back_what_was_put(cache: Arc<dyn Cache>) {
    assert_eq!(cache.get("key").await, None);
    cache.put("key", b"value", LONG).await;
    assert_eq!(cache.get("key").await.as_deref(), Some(&b"value"[..]));
    assert_eq!(cache.get("other").await, None);
    assert!(cache.answers());
}

async fn a_second_put_replaces_value_and_time_to_live(cache: Arc<dyn Cache>) {
    cache.put("key", b"first", LONG).await;
    cache.put("key", b"second", Duration::from_millis(1)).await;
    assert_ne!(cache.get("key").await.as_deref(), Some(&b"first"[..]));
    until("the short time to live holds", || async {
        cache.get("key").await.is_none()
    })
    .await;
    cache.put("key", b"third", LONG).await;
    assert_eq!(cache.get("key").await.as_deref(), Some(&b"third"[..]));
}

async fn a_removed_value_is_gone(cache: Arc<dyn Cache>) {
    cache.put("key", b"value", LONG).await;
    cache.remove("key").await;
    assert_eq!(cache.get("key").await, None);
    cache.remove("key").await;
}

async fn a_value_expires(cache: Arc<dyn Cache>) {
    cache
        .put("short", b"value", Duration::from_millis(30))
        .await;
    cache.put("long", b"value", LONG).await;
    until("the value expires", || async {
        cache.get("short").await.is_none()
    })
    .await;
    assert!(cache.get("long").await.is_some());
}

async fn a_value_without_time_to_live_is_not_kept(cache: Arc<dyn Cache>) {
    cache.put("key", b"value", LONG).await;
    cache.put("key", b"other", Duration::ZERO).await;
    assert_eq!(cache.get("key").await, None);
}

async fn any_bytes_and_keys_are_told_apart(cache: Arc<dyn Cache>) {
    let every_byte: Vec<u8> = (0..=255).collect();
    let large = vec![0xA5; 100_000];
    cache.put("회선 \r\n*1\0", &every_byte, LONG).await;
    cache.put("empty", b"", LONG).await;
    cache.put("large", &large, LONG).await;
    assert_eq!(cache.get("회선 \r\n*1\0").await, Some(every_byte));
    assert_eq!(cache.get("empty").await.as_deref(), Some(&b""[..]));
    assert_eq!(cache.get("large").await, Some(large));
}

async fn what_is_too_long_is_not_kept(cache: Arc<dyn Cache>) {
    let long_key = "k".repeat(513);
    cache.put(&long_key, b"value", LONG).await;
    assert_eq!(cache.get(&long_key).await, None);
    let longest = vec![7; 256 * 1024];
    cache.put("key", &longest, LONG).await;
    assert!(cache.get("key").await == Some(longest));
    // The earlier value is gone.
    cache.put("key", &vec![7; 300 * 1024], LONG).await;
    assert!(cache.get("key").await.is_none());
}
