//! A limit on calls per minute.

use crate::clock::Clock;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

const MINUTE: Duration = Duration::from_secs(60);

/// A bucket that refills evenly: `per_minute` calls at once, and as many again within a minute.
#[derive(Debug)]
pub struct Quota {
    /// The time one call takes from the bucket; `None` means no quota.
    cost: Option<Duration>,
    /// When the bucket is full again.
    full_at: Mutex<Duration>,
}

impl Quota {
    /// `0` means no quota.
    pub fn per_minute(calls: u32) -> Self {
        Self {
            cost: MINUTE.checked_div(calls),
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
        let over = after.saturating_sub(now + MINUTE);
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

    #[test]
    fn a_minute_holds_so_many_and_refills_evenly() {
        let clock = Clock::manual(0);
        let quota = Quota::per_minute(6);
        for _ in 0..6 {
            assert_eq!(quota.take(&clock), Ok(()));
        }
        assert_eq!(quota.take(&clock), Err(Duration::from_secs(10)));
        clock.advance(Duration::from_secs(9));
        assert_eq!(quota.take(&clock), Err(Duration::from_secs(1)));
        clock.advance(Duration::from_secs(1));
        assert_eq!(quota.take(&clock), Ok(()));
        assert!(quota.take(&clock).is_err());
        // At most a minute's worth is saved up.
        clock.advance(Duration::from_secs(3_600));
        let taken = (0..100).filter(|_| quota.take(&clock).is_ok()).count();
        assert_eq!(taken, 6);
    }

    #[test]
    fn none_is_no_quota() {
        let quota = Quota::per_minute(0);
        assert!((0..10_000).all(|_| quota.take(&Clock::manual(0)).is_ok()));
    }
}
