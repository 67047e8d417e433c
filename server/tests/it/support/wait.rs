//! Waiting for a condition, with a deadline.

use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(10);

/// Polls until `condition` holds; fails after ten seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    within(DEADLINE, what, condition).await;
}

/// The same with a given deadline, for example for processes that start and die.
pub async fn within<F: Future<Output = bool>>(
    deadline: Duration,
    what: &str,
    condition: impl Fn() -> F,
) {
    let waited = tokio::time::timeout(deadline, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    waited
        .await
        .unwrap_or_else(|_| panic!("waited too long: {what}"));
}
