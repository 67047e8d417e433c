//! Repeating a warning now and then.

use crate::clock::Clock;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Limits how often a line is logged. Clones share the limit.
#[derive(Clone)]
pub struct Throttle {
    every: Duration,
    last: Arc<Mutex<Option<Duration>>>,
    clock: Clock,
}

impl Throttle {
    /// At most one line in `every`.
    pub fn every(every: Duration, clock: Clock) -> Self {
        Self {
            every,
            last: Arc::default(),
            clock,
        }
    }

    /// One line, while the process lives.
    pub fn once(clock: Clock) -> Self {
        Self::every(Duration::MAX, clock)
    }

    /// Whether to log now; if so, the time starts again.
    pub fn is_due(&self) -> bool {
        let now = self.clock.monotonic();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now.saturating_sub(last) >= self.every);
        if due {
            *last = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;
    use crate::clock::Clock;
    use std::time::Duration;

    #[test]
    fn a_line_is_repeated_only_after_its_time() {
        let clock = Clock::manual(0);
        let throttle = Throttle::every(Duration::from_secs(10), clock.clone());
        let shared = throttle.clone();
        assert!(throttle.is_due() && !shared.is_due());
        clock.advance(Duration::from_secs(9));
        assert!(!throttle.is_due());
        clock.advance(Duration::from_secs(1));
        assert!(throttle.is_due() && !throttle.is_due());
        let once = Throttle::once(clock.clone());
        assert!(once.is_due());
        clock.advance(Duration::from_secs(1_000_000));
        assert!(!once.is_due());
    }
}
