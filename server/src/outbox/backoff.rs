//! How long to wait before the next attempt.

use std::time::Duration;

/// Doubling pauses with full jitter: anything between zero and the doubled pause, so that events
/// that failed together do not come back together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The longest pause after the first failure.
    pub first: Duration,
    /// The upper limit of every pause.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after that many failed attempts. `asked` is the receiver's `Retry-After`: the
    /// pause is never shorter than it, and never longer than the longest pause. `fraction` is
    /// random in `0.0..1.0`.
    pub fn pause(&self, attempts: u32, asked: Option<Duration>, fraction: f64) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1).min(31));
        let ceiling = self.first.saturating_mul(doubled).min(self.longest);
        let jittered = ceiling.mul_f64(fraction.clamp(0.0, 1.0));
        asked.map_or(jittered, |asked| asked.max(jittered).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use proptest::prelude::*;
    use std::time::Duration;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(300),
    };

    #[test]
    fn doubles_up_to_the_longest() {
        for (attempts, seconds) in [
            (0, 1),
            (1, 1),
            (2, 2),
            (3, 4),
            (9, 256),
            (10, 300),
            (u32::MAX, 300),
        ] {
            assert_eq!(
                BACKOFF.pause(attempts, None, 1.0),
                Duration::from_secs(seconds),
                "{attempts}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_longer_than_the_longest_nor_shorter_than_asked(
            attempts in any::<u32>(), asked in 0_u64..1_000, fraction in 0.0..1.0_f64,
        ) {
            let asked = Duration::from_secs(asked);
            let pause = BACKOFF.pause(attempts, Some(asked), fraction);
            prop_assert!(pause <= BACKOFF.longest);
            prop_assert!(pause >= asked.min(BACKOFF.longest));
        }
    }
}
