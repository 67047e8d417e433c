//! A limit on calls per minute.

use crate::clock::Clock;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

const MINUTE_NS: u64 = 60_000_000_000;

/// So many calls in any minute: a tenth of them at once, from a bucket that the rest refills evenly.
#[derive(Debug)]
pub struct Quota {
    /// The time one call takes from the bucket; `None` means no quota.
    cost: Option<Duration>,
    /// The time that a full bucket is worth.
    size: Duration,
    /// When the bucket is full again.
    full_at: Mutex<Duration>,
}

impl Quota {
    /// `0` means no quota.
    pub fn per_minute(calls: u32) -> Self {
        let burst = (calls / 10).max(1);
        // Rounded up: a bucket that fills too early holds a call too many.
        let cost = |evenly: u32| Duration::from_nanos(MINUTE_NS.div_ceil(evenly.max(1).into()));
        let cost = calls.checked_sub(burst).map(cost);
        Self {
            size: cost.unwrap_or_default() * burst,
            cost,
            full_at: Mutex::default(),
        }
    }

    /// Takes a call.
    ///
    /// # Errors
    /// How long until there is one.
    pub fn take(&self, clock: &Clock) -> Result<(), Duration> {
        let Some(cost) = self.cost else {
            return Ok(());
        };
        let now = clock.monotonic();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after = now.max(*full_at) + cost;
        let over = after.saturating_sub(now + self.size);
        if over.is_zero() {
            *full_at = after;
            Ok(())
        } else {
            Err(over)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quota;
    use crate::clock::Clock;
    use std::time::Duration;

    const MINUTE_MS: usize = 60_000;

    #[test]
    fn a_tenth_is_taken_at_once_and_the_rest_comes_evenly() {
        let clock = Clock::manual(0);
        let quota = Quota::per_minute(66);
        for _ in 0..6 {
            assert_eq!(quota.take(&clock), Ok(()));
        }
        assert_eq!(quota.take(&clock), Err(Duration::from_secs(1)));
        clock.advance(Duration::from_millis(900));
        assert_eq!(quota.take(&clock), Err(Duration::from_millis(100)));
        clock.advance(Duration::from_millis(100));
        assert_eq!(quota.take(&clock), Ok(()));
        assert!(quota.take(&clock).is_err());
        // No more than the tenth is saved up.
        clock.advance(Duration::from_secs(3_600));
        let taken = (0..100).filter(|_| quota.take(&clock).is_ok()).count();
        assert_eq!(taken, 6);
    }

    #[test]
    fn no_minute_holds_more() {
        for calls in [1, 2, 6, 9, 10, 11, 60, 66, 700, 100_000] {
            let clock = Clock::manual(0);
            let quota = Quota::per_minute(calls);
            // Taken in each millisecond: as many as there are, for three minutes after a long rest.
            clock.advance(Duration::from_secs(3_600));
            let taken: Vec<u32> = (0..3 * MINUTE_MS)
                .map(|_| {
                    let taken = (0..).take_while(|_| quota.take(&clock).is_ok()).count();
                    clock.advance(Duration::from_millis(1));
                    u32::try_from(taken).unwrap()
                })
                .collect();
            let first: u32 = taken[..MINUTE_MS].iter().sum();
            let (mut within, mut most) = (first, first);
            for (gone, new) in taken.iter().zip(&taken[MINUTE_MS..]) {
                within = within - gone + new;
                most = most.max(within);
            }
            assert!(most <= calls, "{calls}: {most}");
            assert!(most + 1 + calls / 50 >= calls, "{calls}: {most}");
        }
    }

    #[test]
    fn none_is_no_quota() {
        let quota = Quota::per_minute(0);
        assert!((0..10_000).all(|_| quota.take(&Clock::manual(0)).is_ok()));
    }
}
