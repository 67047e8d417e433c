//! Redis away or hung: every operation is a quick miss; the cache reconnects by itself.

use crate::support::wait::until;
use server::{
    cache::{Cache, RedisCache},
    clock::Clock,
};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

const TIMEOUT: Duration = Duration::from_millis(50);
const MINUTE: Duration = Duration::from_secs(60);

fn cache(port: u16) -> RedisCache {
    let url = format!("redis://127.0.0.1:{port}/");
    RedisCache::connect(&url, TIMEOUT, Clock::system()).unwrap()
}

async fn free_port() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// A Redis in which every key holds `hi`; while `silent` is set it reads and does not answer, as a
/// stopped process does.
async fn stand_in(listener: TcpListener, silent: watch::Receiver<bool>) {
    while let Ok((peer, _)) = listener.accept().await {
        tokio::spawn(speak(peer, silent.clone()));
    }
}

async fn speak(mut peer: TcpStream, mut silent: watch::Receiver<bool>) {
    let mut buffer = [0; 4_096];
    while let Ok(1..) = peer.peek(&mut buffer).await {
        if silent.wait_for(|silent| !silent).await.is_err() {
            return;
        }
        let Ok(length) = peer.read(&mut buffer).await else {
            return;
        };
        let asked = String::from_utf8_lossy(&buffer[..length]).into_owned();
        let mut answer = String::new();
        for command in asked.split('*').filter(|command| !command.is_empty()) {
            answer.push_str(match command {
                command if command.contains("PING") => "+PONG\r\n",
                command if command.contains("GET") => "$2\r\nhi\r\n",
                _ => "+OK\r\n",
            });
        }
        if peer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn an_absent_redis_costs_nothing_at_start_or_later() {
    let (listener, port) = free_port().await;
    drop(listener);
    let cache = cache(port);
    assert!(!cache.answers());
    let clock = Clock::system();
    for _ in 0..100 {
        assert_eq!(cache.get("key").await, None);
        cache.put("key", b"value", MINUTE).await;
        cache.remove("key").await;
    }
    assert!(clock.monotonic() < TIMEOUT * 4, "{:?}", clock.monotonic());
}

#[tokio::test]
async fn a_redis_that_accepts_and_says_nothing_is_not_used() {
    let (_listening, port) = free_port().await;
    let cache = cache(port);
    let clock = Clock::system();
    for _ in 0..100 {
        assert_eq!(cache.get("key").await, None);
    }
    assert!(clock.monotonic() < TIMEOUT * 4, "{:?}", clock.monotonic());
    assert!(!cache.answers());
}

#[tokio::test]
async fn a_redis_that_hangs_costs_a_few_time_outs_and_comes_back_by_itself() {
    let (listener, port) = free_port().await;
    let cache = cache(port);
    let (silence, silent) = watch::channel(false);
    tokio::spawn(stand_in(listener, silent));
    until("connected", || async { cache.answers() }).await;
    assert_eq!(cache.get("key").await.as_deref(), Some(&b"hi"[..]));

    silence.send_replace(true);
    let clock = Clock::system();
    for _ in 0..100 {
        assert_eq!(cache.get("key").await, None);
    }
    assert!(clock.monotonic() < TIMEOUT * 8, "{:?}", clock.monotonic());
    assert!(!cache.answers());

    silence.send_replace(false);
    until("connected again", || async { cache.answers() }).await;
    assert_eq!(cache.get("key").await.as_deref(), Some(&b"hi"[..]));
}

#[tokio::test]
async fn a_url_of_something_else_is_refused() {
    assert!(RedisCache::connect("http://127.0.0.1/", TIMEOUT, Clock::system()).is_err());
}
