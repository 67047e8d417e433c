//! A budget of retries.

use std::sync::atomic::{AtomicU32, Ordering};

/// Each call adds a tenth of a retry, so retries add at most a tenth to the load, however much
/// fails; unused ones are saved up to [`MOST`].
#[derive(Debug, Default)]
pub struct RetryBudget {
    tenths: AtomicU32,
}

const COST: u32 = 10;
/// The most retries saved up.
const MOST: u32 = 10;

impl RetryBudget {
    /// A call was sent.
    pub fn earn(&self) {
        self.change(|tenths| Some((tenths + 1).min(MOST * COST)));
    }

    /// Takes a retry, if one has been earned.
    pub fn take(&self) -> bool {
        self.change(|tenths| tenths.checked_sub(COST))
    }

    fn change(&self, to: impl Fn(u32) -> Option<u32>) -> bool {
        self.tenths
            .try_update(Ordering::Relaxed, Ordering::Relaxed, to)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, RetryBudget};

    #[test]
    fn a_tenth_of_the_calls_is_tried_again() {
        let budget = RetryBudget::default();
        assert!(!budget.take(), "nothing was earned yet");
        let retried = (0..1_000)
            .filter(|_| {
                budget.earn();
                budget.take()
            })
            .count();
        assert_eq!(retried, 100);
    }

    #[test]
    fn what_is_saved_up_is_bounded() {
        let budget = RetryBudget::default();
        (0..10_000).for_each(|_| budget.earn());
        let retried = (0..10_000).filter(|_| budget.take()).count();
        assert_eq!(retried, MOST as usize);
    }
}
