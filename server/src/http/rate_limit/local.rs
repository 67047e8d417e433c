//! Buckets of this process alone.

use super::{
    gcra::{Decision, Quota},
    rules::{Ask, Limit},
};
use crate::clock::Clock;
use moka::{policy::EvictionPolicy, sync::Cache};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The most buckets of each limit; the least recently used is evicted first.
const BUCKETS: u64 = 100_000;
/// A bucket unused for this long is full again: the longest burst lasts ten minutes.
const FORGET_AFTER: Duration = Duration::from_secs(1_200);

type Bucket = Arc<Mutex<Option<i64>>>;

/// One table of buckets for each limit.
#[derive(Clone)]
pub(super) struct LocalBuckets {
    tables: Arc<[Cache<String, Bucket>]>,
    clock: Clock,
}

impl LocalBuckets {
    pub fn new(clock: Clock) -> Self {
        // Least recently used, not moka's default, which would not admit a new address to a full table
        // and so never count it.
        let table = |_: &Limit| {
            Cache::builder()
                .max_capacity(BUCKETS)
                .time_to_idle(FORGET_AFTER)
                .eviction_policy(EvictionPolicy::lru())
                .build()
        };
        Self {
            tables: Limit::ALL.iter().map(table).collect(),
            clock,
        }
    }

    /// Asks every bucket, all or nothing. Callers name limits in one order: their buckets are locked in it.
    pub fn judge(&self, asks: &[Ask], quota: impl Fn(Limit) -> Quota) -> Vec<Decision> {
        let buckets: Vec<Bucket> = asks.iter().map(|ask| self.bucket(ask)).collect();
        let mut full_at: Vec<MutexGuard<'_, Option<i64>>> = buckets
            .iter()
            .map(|bucket| bucket.lock().unwrap_or_else(PoisonError::into_inner))
            .collect();
        let now_us = self.now_us();
        let mut decisions: Vec<Decision> = asks
            .iter()
            .zip(&full_at)
            .map(|(ask, full_at)| quota(ask.limit).judge(**full_at, now_us))
            .collect();
        if decisions.iter().all(|decision| decision.wait_us == 0) {
            let taken = asks.iter().zip(&mut full_at).zip(&mut decisions);
            for ((ask, full_at), decision) in taken.filter(|((ask, _), _)| ask.take) {
                decision.debt_us += quota(ask.limit).interval_us();
                **full_at = Some(now_us + decision.debt_us);
            }
        }
        decisions
    }

    /// Takes over what others counted, so that a limit that is reached there is reached here. A debt is a
    /// time: of the whole limit and of a part of it, it is the same.
    pub fn learn(&self, asks: &[Ask], decisions: &[Decision]) {
        let now_us = self.now_us();
        let in_debt = asks
            .iter()
            .zip(decisions)
            .filter(|(_, decision)| decision.debt_us > 0);
        for (ask, decision) in in_debt {
            let bucket = self.bucket(ask);
            let mut full_at = bucket.lock().unwrap_or_else(PoisonError::into_inner);
            *full_at = Some(now_us + decision.debt_us);
        }
    }

    fn now_us(&self) -> i64 {
        i64::try_from(self.clock.monotonic().as_micros()).unwrap_or(i64::MAX)
    }

    fn bucket(&self, ask: &Ask) -> Bucket {
        self.tables[ask.limit.index()].get_with_by_ref(&ask.key, Bucket::default)
    }
}

#[cfg(test)]
mod tests {
    use super::LocalBuckets;
    use crate::{
        clock::Clock,
        http::rate_limit::{Ask, Limit, Quota},
    };
    use std::time::Duration;

    fn three_per_second(_: Limit) -> Quota {
        Quota::new(3, Duration::from_secs(1), 3)
    }

    #[test]
    fn a_request_that_one_bucket_refuses_costs_the_others_nothing() {
        let buckets = LocalBuckets::new(Clock::manual(0));
        let session = |key: &str| {
            [
                Ask::take(Limit::Session, key),
                Ask::take(Limit::Everybody, ""),
            ]
        };
        for _ in 0..3 {
            let decisions = buckets.judge(&session("a"), three_per_second);
            assert!(decisions.iter().all(|decision| decision.wait_us == 0));
        }
        assert!(
            buckets.judge(&session("b"), three_per_second)[1].wait_us > 0,
            "everybody is at the limit"
        );
        let look = [Ask::look(Limit::Session, "b")];
        assert_eq!(buckets.judge(&look, three_per_second)[0].debt_us, 0);
    }

    #[test]
    fn what_others_counted_for_the_whole_limit_is_owed_here_for_a_part_of_it() {
        let clock = Clock::manual(0);
        let (there, here) = (
            LocalBuckets::new(clock.clone()),
            LocalBuckets::new(clock.clone()),
        );
        let ask = [Ask::take(Limit::Address, "10.0.0.1")];
        let part = |limit| three_per_second(limit).divided(3);
        for _ in 0..3 {
            here.learn(&ask, &there.judge(&ask, three_per_second));
        }
        assert!(here.judge(&ask, part)[0].wait_us > 0);
        clock.advance(Duration::from_millis(1_001));
        assert_eq!(here.judge(&ask, part)[0].wait_us, 0);
        assert!(here.judge(&ask, part)[0].wait_us > 0, "one in a second");
    }

    #[test]
    fn looking_takes_nothing_and_sees_a_limit_that_is_reached() {
        let clock = Clock::manual(0);
        let buckets = LocalBuckets::new(clock.clone());
        let look = [Ask::look(Limit::AddressFailures, "10.0.0.1")];
        let take = [Ask::take(Limit::AddressFailures, "10.0.0.1")];
        for _ in 0..3 {
            assert_eq!(buckets.judge(&look, three_per_second)[0].wait_us, 0);
            buckets.judge(&take, three_per_second);
        }
        assert!(buckets.judge(&look, three_per_second)[0].wait_us > 0);
        clock.advance(Duration::from_millis(334));
        assert_eq!(buckets.judge(&look, three_per_second)[0].wait_us, 0);
    }
}
