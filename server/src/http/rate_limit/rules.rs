//! The limits.

use super::gcra::Quota;
use crate::config::LimitsConfig;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// One limit; each key has a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Requests of one address.
    Address,
    /// Requests of one session.
    Session,
    /// Requests of everybody.
    Everybody,
    /// Logins from one address.
    AddressLogins,
    /// Logins with one id, known or not.
    IdLogins,
    /// Wrong passwords from one address.
    AddressFailures,
    /// Wrong passwords from everywhere: raises an alarm, refuses nobody.
    AllFailures,
}

impl Limit {
    pub const ALL: [Self; 7] = [
        Self::Address,
        Self::Session,
        Self::Everybody,
        Self::AddressLogins,
        Self::IdLogins,
        Self::AddressFailures,
        Self::AllFailures,
    ];

    /// Its place in [`Self::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// Its name in header fields, in Redis and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Session => "session",
            Self::Everybody => "everybody",
            Self::AddressLogins => "address-logins",
            Self::IdLogins => "id-logins",
            Self::AddressFailures => "address-failures",
            Self::AllFailures => "all-failures",
        }
    }

    pub(super) fn quota(self, limits: &LimitsConfig) -> Quota {
        let (count, per, burst) = match self {
            Self::Address => (limits.per_address_per_s, SECOND, limits.per_address_burst),
            Self::Session => (limits.per_session_per_s, SECOND, limits.per_session_burst),
            Self::Everybody => (limits.everybody_per_s, SECOND, limits.everybody_burst),
            Self::AddressLogins => (limits.login_per_minute, MINUTE, limits.login_burst),
            Self::IdLogins => (limits.id_login_per_minute, MINUTE, limits.id_login_burst),
            Self::AddressFailures => {
                let failures = limits.login_failures_per_10_min;
                (failures, 10 * MINUTE, failures)
            }
            Self::AllFailures => {
                let failures = limits.all_login_failures_per_minute;
                (failures, MINUTE, failures)
            }
        };
        Quota::new(count, per, burst)
    }
}

/// Tables of one entry per limit, in the order of [`Limit::ALL`], are read by [`Limit::index`].
const _: () = {
    let mut at = 0;
    while at < Limit::ALL.len() {
        assert!(Limit::ALL[at].index() == at);
        at += 1;
    }
};

/// One bucket that a request is judged by.
#[derive(Clone, Debug)]
pub struct Ask {
    pub limit: Limit,
    /// Which bucket of that limit. Nothing that names a customer: an address, a session id, an
    /// HMAC of a login id.
    pub key: String,
    /// Whether the request counts; if not, it is only refused if one more would be.
    pub take: bool,
}

impl Ask {
    /// Counts the request if it is admitted.
    pub fn take(limit: Limit, key: impl ToString) -> Self {
        Self {
            limit,
            key: key.to_string(),
            take: true,
        }
    }

    /// Refuses what would be too many, and counts nothing.
    pub fn look(limit: Limit, key: impl ToString) -> Self {
        Self {
            take: false,
            ..Self::take(limit, key)
        }
    }
}
