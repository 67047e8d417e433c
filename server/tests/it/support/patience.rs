//! Waiting for something without sleeping a guessed time.

use server::clock::Clock;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// Asks until the answer is yes; fails with `what` after ten seconds.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let clock = Clock::system();
    while !condition().await {
        assert!(clock.monotonic() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
