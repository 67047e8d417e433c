//! A bulkhead.

use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// So many calls at once; one more waits a little and then gives up.
#[derive(Debug)]
pub struct Places {
    free: Semaphore,
    wait: Duration,
}

impl Places {
    /// `places` at once, each waited for at most `wait`.
    pub fn new(places: usize, wait: Duration) -> Self {
        Self {
            free: Semaphore::new(places),
            wait,
        }
    }

    /// A place, given back when dropped; `None` when none became free in time.
    pub async fn take(&self) -> Option<SemaphorePermit<'_>> {
        timeout(self.wait, self.free.acquire()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use std::time::Duration;

    #[tokio::test]
    async fn a_place_is_refused_while_taken_and_free_again_after() {
        let places = Places::new(1, Duration::from_millis(5));
        let taken = places.take().await;
        assert!(taken.is_some());
        assert!(places.take().await.is_none());
        drop(taken);
        assert!(places.take().await.is_some());
    }
}
