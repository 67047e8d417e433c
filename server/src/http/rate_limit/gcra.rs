//! GCRA, the generic cell rate algorithm, as a pure rule. `gcra.lua` is the same rule for Redis; a
//! property test holds the two equal.
//!
//! A bucket is one instant, its theoretical arrival time: when it would be full again. The time until
//! then is its debt. A request adds one interval to the debt, which may not exceed the burst.

use std::time::Duration;

/// How often something may happen: `burst` times at once, then once per interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    interval_us: i64,
    burst: u32,
}

impl Quota {
    /// `count` times `per`, `burst` of them at once. Zero counts as one.
    pub fn new(count: u32, per: Duration, burst: u32) -> Self {
        let per = i64::try_from(per.as_micros()).unwrap_or(i64::MAX);
        let count = i64::from(count.max(1));
        Self {
            // Rounded up: never more than the limit.
            interval_us: (per / count + i64::from(per % count > 0)).max(1),
            burst: burst.max(1),
        }
    }

    /// The share of one of `parts` replicas that cannot count together.
    pub fn divided(self, parts: u32) -> Self {
        let parts = parts.max(1);
        Self {
            interval_us: self.interval_us.saturating_mul(i64::from(parts)),
            burst: (self.burst / parts).max(1),
        }
    }

    /// Microseconds between two requests at the steady rate.
    pub fn interval_us(self) -> i64 {
        self.interval_us
    }

    /// The most debt a bucket may have, in microseconds.
    pub fn tolerance_us(self) -> i64 {
        self.interval_us.saturating_mul(i64::from(self.burst))
    }

    /// Requests that a full bucket admits at once.
    pub fn burst(self) -> u32 {
        self.burst
    }

    /// Requests that a bucket with that debt admits at once.
    pub fn remaining(self, debt_us: i64) -> u32 {
        let free = (self.tolerance_us() - debt_us).max(0) / self.interval_us;
        u32::try_from(free).unwrap_or(u32::MAX)
    }

    /// Judges a request at `now` by a bucket that is full at `full_at`.
    pub fn judge(self, full_at_us: Option<i64>, now_us: i64) -> Decision {
        // Capped: after a clock went back or a burst became smaller no bucket is emptier than
        // empty. What keeps buckets by a clock that may go back stores the cap.
        let ahead = full_at_us.map_or(0, |full_at| full_at.saturating_sub(now_us));
        let debt_us = ahead.clamp(0, self.tolerance_us());
        Decision {
            wait_us: (debt_us + self.interval_us - self.tolerance_us()).max(0),
            debt_us,
        }
    }
}

/// The decision of one bucket; times in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Until the request would be admitted; 0 when it is.
    pub wait_us: i64,
    /// Until the bucket is full again, before this request.
    pub debt_us: i64,
}

#[cfg(test)]
mod tests {
    use super::Quota;
    use proptest::prelude::*;
    use std::time::Duration;

    /// Admits or refuses, by a single bucket.
    fn take(quota: Quota, full_at: &mut Option<i64>, now: i64) -> bool {
        let decision = quota.judge(*full_at, now);
        let admitted = decision.wait_us == 0;
        if admitted {
            *full_at = Some(now + decision.debt_us + quota.interval_us());
        }
        admitted
    }

    #[test]
    fn a_burst_passes_then_one_per_interval() {
        let quota = Quota::new(1, Duration::from_secs(1), 3);
        let mut bucket = None;
        assert!((0..3).all(|_| take(quota, &mut bucket, 0)));
        assert_eq!(quota.judge(bucket, 0).wait_us, 1_000_000);
        assert!(!take(quota, &mut bucket, 999_999));
        assert!(take(quota, &mut bucket, 1_000_000));
        assert!(!take(quota, &mut bucket, 1_000_000));
        assert_eq!(quota.remaining(quota.judge(bucket, 2_500_000).debt_us), 1);
    }

    #[test]
    fn a_clock_that_goes_back_closes_nothing_for_longer_than_the_burst() {
        let quota = Quota::new(10, Duration::from_secs(1), 5);
        let decision = quota.judge(Some(3_600_000_000), 0);
        assert_eq!(decision.debt_us, quota.tolerance_us());
        assert_eq!(decision.wait_us, quota.interval_us());
    }

    #[test]
    fn a_third_is_at_most_a_third() {
        let third = Quota::new(100, Duration::from_secs(1), 10).divided(3);
        assert_eq!((third.interval_us(), third.burst()), (30_000, 3));
        assert_eq!(
            Quota::new(1, Duration::from_secs(1), 1).divided(3).burst(),
            1
        );
    }

    proptest! {
        /// However requests come, no span of time admits more than burst + rate × span.
        #[test]
        fn never_more_than_burst_and_rate(
            count in 1_u32..200,
            burst in 1_u32..50,
            gaps in prop::collection::vec(0_i64..200_000, 1..300),
        ) {
            let quota = Quota::new(count, Duration::from_secs(1), burst);
            let (mut bucket, mut now, mut admitted) = (None, 0, Vec::new());
            for gap in gaps {
                now += gap;
                if take(quota, &mut bucket, now) {
                    admitted.push(now);
                }
            }
            for (first, start) in admitted.iter().enumerate() {
                for (last, end) in admitted.iter().enumerate().skip(first) {
                    let allowed = i64::from(burst) + (end - start) / quota.interval_us();
                    prop_assert!((last - first + 1) as i64 <= allowed);
                }
            }
        }
    }
}
