//! The outcomes of the last calls.

use std::collections::VecDeque;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) failed: bool,
    pub(super) slow: bool,
}

/// Percentages that trip the breaker, inclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholds {
    pub(super) failure_rate: u8,
    pub(super) slow_rate: u8,
}

/// Outcomes, oldest first, with running sums.
#[derive(Debug)]
pub(super) struct Window {
    outcomes: VecDeque<Outcome>,
    capacity: usize,
    failed: usize,
    slow: usize,
}

impl Window {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            outcomes: VecDeque::with_capacity(capacity),
            capacity,
            failed: 0,
            slow: 0,
        }
    }

    /// Adds an outcome; the oldest leaves when the window is full.
    pub(super) fn push(&mut self, outcome: Outcome) {
        if self.outcomes.len() == self.capacity
            && let Some(oldest) = self.outcomes.pop_front()
        {
            self.failed -= usize::from(oldest.failed);
            self.slow -= usize::from(oldest.slow);
        }
        self.failed += usize::from(outcome.failed);
        self.slow += usize::from(outcome.slow);
        self.outcomes.push_back(outcome);
    }

    pub(super) fn len(&self) -> usize {
        self.outcomes.len()
    }

    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    pub(super) fn slow(&self) -> usize {
        self.slow
    }

    /// Whether one of the rates is too high.
    pub(super) fn is_bad(&self, thresholds: Thresholds) -> bool {
        let reaches = |count: usize, percent: u8| {
            count > 0 && count * 100 >= usize::from(percent) * self.outcomes.len()
        };
        reaches(self.failed, thresholds.failure_rate) || reaches(self.slow, thresholds.slow_rate)
    }
}
