//! SIGTERM loses no request.

use super::Process;
use crate::support::{client::Client, wait::until};
use std::time::{Duration, Instant};

#[tokio::test]
async fn sigterm_tells_the_balancer_serves_on_and_ends_well() {
    let data = tempfile::tempdir().unwrap();
    let pause = ("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "1500");
    let mut process = Process::serve(&data, &[pause]);
    let client = Client::new(&process.origin);
    assert_eq!(client.get("/health/ready").await.status, 200);
    let signalled = Instant::now();
    process.signal("TERM");
    until("readiness says no", || async {
        client.get("/health/ready").await.status == 503
    })
    .await;
    assert!(
        signalled.elapsed() < Duration::from_millis(1_500),
        "at once"
    );
    let page = client.get("/login").await;
    assert_eq!((page.status, page.header("connection")), (200, "close"));
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(signalled.elapsed() >= Duration::from_millis(1_500));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let data = tempfile::tempdir().unwrap();
    let pause = ("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "60000");
    let mut process = Process::serve(&data, &[pause]);
    let client = Client::new(&process.origin);
    process.signal("TERM");
    until("readiness says no", || async {
        client.get("/health/ready").await.status == 503
    })
    .await;
    process.signal("TERM");
    assert_eq!(process.ended().await.code(), Some(130));
}
