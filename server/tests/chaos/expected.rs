//! What is written down for a cell.

use std::time::Duration;

/// Two busy processors and a build without optimisation: this much is no finding.
const NOISE: Duration = Duration::from_millis(500);
/// Of the median, or of the p99 of all routes together, it would be one (H4).
pub const AT_ONCE: Duration = Duration::from_millis(60);

/// A status, and the code of the problem; a page and a probe carry none.
pub type Word = (u16, &'static str);

/// What one route may do under one fault. 200 is always allowed, and nothing else is unless named.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub may_say: &'static [Word],
    /// One of them must be said: else the fault was none, and the row shows nothing.
    pub must: bool,
    /// By how much its p99 may grow.
    pub slower_by: Duration,
    /// By how much its median may grow.
    pub mostly_slower_by: Duration,
    /// How soon after the fault's end it is normal again.
    pub back_in: Duration,
}

impl Expected {
    /// As if nothing had happened.
    pub const UNTOUCHED: Self = Self {
        may_say: &[],
        must: false,
        slower_by: NOISE,
        mostly_slower_by: AT_ONCE,
        back_in: Duration::ZERO,
    };

    pub const fn may(words: &'static [Word]) -> Self {
        Self {
            may_say: words,
            ..Self::UNTOUCHED
        }
    }

    pub const fn must(words: &'static [Word]) -> Self {
        Self {
            must: true,
            ..Self::may(words)
        }
    }

    /// At first; most are answered as quickly as ever.
    pub const fn slower_at_first_by(self, seconds: u64) -> Self {
        Self {
            mostly_slower_by: self.mostly_slower_by,
            ..self.slower_by(seconds)
        }
    }

    /// Beyond the noise.
    pub const fn slower_by(self, seconds: u64) -> Self {
        let slower_by = Duration::from_secs(seconds).saturating_add(NOISE);
        Self {
            slower_by,
            mostly_slower_by: slower_by,
            ..self
        }
    }

    /// Beyond the noise.
    pub const fn back_in(self, seconds: u64) -> Self {
        Self {
            back_in: Duration::from_secs(seconds).saturating_add(NOISE),
            ..self
        }
    }
}
