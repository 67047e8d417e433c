//! A bulkhead.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// A fixed number of calls at once; one more waits a little and then gives up.
#[derive(Debug)]
pub struct Places {
    free: Semaphore,
    places: usize,
    wait: Duration,
    refused: AtomicU64,
}

impl Places {
    /// `places` calls at once; each waits for a place for at most `wait`.
    pub fn new(places: usize, wait: Duration) -> Self {
        Self {
            free: Semaphore::new(places),
            places,
            wait,
            refused: AtomicU64::new(0),
        }
    }

    /// A place, given back when dropped; `None` when none became free in time.
    pub async fn take(&self) -> Option<SemaphorePermit<'_>> {
        let place = match self.free.try_acquire() {
            Ok(place) => Some(place),
            Err(_) => {
                let acquired = timeout(self.wait, self.free.acquire()).await;
                acquired.ok().and_then(Result::ok)
            }
        };
        if place.is_none() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        place
    }

    /// Places taken now.
    pub fn taken(&self) -> usize {
        self.places.saturating_sub(self.free.available_permits())
    }

    /// Callers turned away since the start.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
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
        assert_eq!((places.taken(), places.refused()), (1, 1));
        drop(taken);
        assert!(places.take().await.is_some());
        assert_eq!((places.taken(), places.refused()), (0, 1));
    }
}
