//! The lock: five wrong passwords in a row lock an id for half an hour.
//!
//! A row of `auth_attempt` counts the attempts *reserved* since the last success. Reserving is one
//! committed statement on the database's clock, before the password is checked, so a crash, a client
//! that leaves or two hundred concurrent guesses cannot get a sixth password evaluated. The attempt
//! that reaches the limit sets `locked_until` at once and is still evaluated; its success deletes the
//! row. Later ones are refused without evaluation until the lock ends, when the count restarts. A browser
//! that has logged in with the id has a row of its own ([`super::attempt_key`]).

use crate::config::AuthConfig;
use std::time::Duration;

/// The result of reserving an attempt; instants in epoch milliseconds of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Reservation {
    /// Attempts since the last success or expiry, this one included.
    pub failures: i64,
    pub locked_until: Option<i64>,
    pub now_ms: i64,
}

/// When an id is locked, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct LockPolicy {
    pub lock_after: i64,
    pub lock_for: Duration,
}

/// The answer to a wrong password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Wrong,
    /// Seconds until the lock ends, at least one.
    Locked(u32),
}

impl LockPolicy {
    pub fn of(config: &AuthConfig) -> Self {
        Self {
            lock_after: i64::from(config.lock_after),
            lock_for: config.lock_for,
        }
    }

    /// Whether this attempt's password is checked.
    pub fn evaluates(&self, reserved: &Reservation) -> bool {
        reserved.failures <= self.lock_after
    }

    /// The answer to this attempt if it was not evaluated, or was wrong.
    pub fn refusal(&self, reserved: &Reservation) -> Refusal {
        match reserved.locked_until {
            Some(until) => {
                let left_ms = u64::try_from(until - reserved.now_ms).unwrap_or(0);
                let left_s = u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(u32::MAX);
                Refusal::Locked(left_s.max(1))
            }
            None => Refusal::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LockPolicy, Refusal, Reservation};
    use std::time::Duration;

    const POLICY: LockPolicy = LockPolicy {
        lock_after: 5,
        lock_for: Duration::from_secs(1_800),
    };

    fn reserved(failures: i64, locked_until: Option<i64>) -> Reservation {
        Reservation {
            failures,
            locked_until,
            now_ms: 1_000_000,
        }
    }

    #[test]
    fn five_are_evaluated_and_the_fifth_is_told_of_the_lock() {
        for failures in 1..=4 {
            let attempt = reserved(failures, None);
            assert!(POLICY.evaluates(&attempt));
            assert_eq!(POLICY.refusal(&attempt), Refusal::Wrong);
        }
        let fifth = reserved(5, Some(2_800_000));
        assert!(POLICY.evaluates(&fifth));
        assert_eq!(POLICY.refusal(&fifth), Refusal::Locked(1_800));
        let sixth = reserved(6, Some(2_800_000));
        assert!(!POLICY.evaluates(&sixth));
        assert_eq!(POLICY.refusal(&sixth), Refusal::Locked(1_800));
    }

    #[test]
    fn the_time_left_is_rounded_up_and_never_nothing() {
        assert_eq!(
            POLICY.refusal(&reserved(6, Some(1_000_001))),
            Refusal::Locked(1)
        );
        assert_eq!(
            POLICY.refusal(&reserved(6, Some(1_001_001))),
            Refusal::Locked(2)
        );
        assert_eq!(
            POLICY.refusal(&reserved(6, Some(999_000))),
            Refusal::Locked(1)
        );
    }
}
