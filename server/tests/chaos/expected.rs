//! The expectation for a cell.

use std::time::Duration;

/// Noise of two busy processors and an unoptimised build; not a finding.
const NOISE: Duration = Duration::from_millis(500);
/// The limit for the median, and for the p99 of all routes together (H4).
pub const AT_ONCE: Duration = Duration::from_millis(60);

/// A status and the problem's code; pages and probes carry none.
pub type Word = (u16, &'static str);

/// What one route may do under one fault. 200 is always allowed, anything else only if named.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub may_say: &'static [Word],
    /// One of them must occur, or the fault had no effect and the row proves nothing.
    pub must: bool,
    /// The most that its p99 may grow.
    pub slower_by: Duration,
    /// The least that its median must grow, or the fault had no effect and the row proves nothing.
    pub mostly_slower_by_at_least: Duration,
    /// The most that its median may grow.
    pub mostly_slower_by: Duration,
    /// The time limit of its recovery, from the fault's end.
    pub back_in: Duration,
}

impl Expected {
    /// Unaffected.
    pub const UNTOUCHED: Self = Self {
        may_say: &[],
        must: false,
        slower_by: NOISE,
        mostly_slower_by_at_least: Duration::ZERO,
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

    /// Slow at first; most answers are as quick as ever.
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

    pub const fn mostly_slower_by_at_least(self, least: Duration) -> Self {
        Self {
            mostly_slower_by_at_least: least,
            ..self
        }
    }

    /// Whether an answer as quick and good as ever differs from it.
    pub fn proves_the_fault(&self) -> bool {
        self.must || !self.mostly_slower_by_at_least.is_zero()
    }

    /// Beyond the noise.
    pub const fn back_in(self, seconds: u64) -> Self {
        Self {
            back_in: Duration::from_secs(seconds).saturating_add(NOISE),
            ..self
        }
    }
}
