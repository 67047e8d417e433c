//! The state machine, without clock, randomness or lock.

use super::{
    LEASE_SLACK,
    window::{Outcome, Thresholds, Window},
};
use crate::config::BreakerConfig;
use serde::Serialize;
use std::time::Duration;

/// Input from outside at each event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// On a monotonic clock.
    pub(super) now: Duration,
    /// In `0.0..1.0`; spreads the open wait.
    pub(super) chance: f64,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BreakerState {
    Closed,
    Open,
    HalfOpen,
}

/// A permit to make one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    generation: u64,
    number: u64,
    pub(super) probe: bool,
}

/// Counted over the life of the breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counters {
    pub(super) refused: u64,
    pub(super) stale_results: u64,
    pub(super) expired_leases: u64,
}

#[derive(Debug)]
enum State {
    Closed {
        window: Window,
    },
    Open {
        until: Duration,
    },
    HalfOpen {
        /// Pass number and end of lease of the probes not back yet.
        out: Vec<(u64, Duration)>,
        back: Window,
    },
}

#[derive(Debug)]
pub(super) struct Machine {
    config: BreakerConfig,
    thresholds: Thresholds,
    lease: Duration,
    state: State,
    generation: u64,
    next_pass: u64,
    counters: Counters,
}

impl Machine {
    /// A closed breaker; `deadline` is the longest a call can take.
    pub(super) fn new(config: BreakerConfig, deadline: Duration) -> Self {
        Self {
            thresholds: Thresholds {
                failure_rate: config.failure_rate,
                slow_rate: config.slow_rate,
            },
            lease: deadline + LEASE_SLACK,
            state: State::Closed {
                window: Window::new(config.window),
            },
            generation: 0,
            next_pass: 0,
            counters: Counters::default(),
            config,
        }
    }

    /// Asks for a permit to call.
    ///
    /// # Errors
    /// How long to wait before asking again.
    pub(super) fn admit(&mut self, at: Moment) -> Result<Pass, Duration> {
        self.pass_time(at);
        let number = self.next_pass;
        let lease_end = at.now + self.lease;
        let probe = match &mut self.state {
            State::Closed { .. } => false,
            State::HalfOpen { out, back } if out.len() + back.len() < self.config.probes => {
                out.push((number, lease_end));
                true
            }
            State::Open { .. } | State::HalfOpen { .. } => {
                self.counters.refused += 1;
                return Err(self.wait(at.now));
            }
        };
        self.next_pass += 1;
        Ok(Pass {
            generation: self.generation,
            number,
            probe,
        })
    }

    /// Records the result of a call.
    pub(super) fn record(&mut self, pass: Pass, outcome: Outcome, at: Moment) {
        self.pass_time(at);
        if pass.generation != self.generation {
            self.counters.stale_results += 1;
            return;
        }
        match &mut self.state {
            State::Closed { window } => window.push(outcome),
            State::HalfOpen { out, back } => {
                match out.iter().position(|(number, _)| *number == pass.number) {
                    Some(index) => {
                        out.swap_remove(index);
                        back.push(outcome);
                    }
                    // Its lease has ended, so it has been counted.
                    None => self.counters.stale_results += 1,
                }
            }
            // No pass belongs to an open generation.
            State::Open { .. } => self.counters.stale_results += 1,
        }
        self.judge(at);
    }

    /// Takes back a pass that was not used: no result, and no probe.
    pub(super) fn give_back(&mut self, pass: Pass, at: Moment) {
        self.pass_time(at);
        if let State::HalfOpen { out, .. } = &mut self.state {
            // Numbers are never used twice: a pass of an earlier generation is not among them.
            out.retain(|(number, _)| *number != pass.number);
        }
    }

    /// The state as of the last event.
    pub(super) fn state(&self) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    pub(super) fn counters(&self) -> Counters {
        self.counters
    }

    /// Calls looked at, failed ones and slow ones among them.
    pub(super) fn looked_at(&self) -> (usize, usize, usize) {
        match &self.state {
            State::Closed { window: seen } | State::HalfOpen { back: seen, .. } => {
                (seen.len(), seen.failed(), seen.slow())
            }
            State::Open { .. } => (0, 0, 0),
        }
    }

    /// How long until the wait is over; `None` unless it is open now. A caller that gets `Some` is
    /// refused, and counted.
    pub(super) fn peek(&mut self, now: Duration) -> Option<Duration> {
        match self.state {
            State::Open { until } if now < until => {
                self.counters.refused += 1;
                Some(until - now)
            }
            _ => None,
        }
    }

    /// What happened by itself since the last event: the open wait ended, leases ran out.
    fn pass_time(&mut self, at: Moment) {
        match &mut self.state {
            State::Open { until } if at.now >= *until => {
                let state = State::HalfOpen {
                    out: Vec::with_capacity(self.config.probes),
                    back: Window::new(self.config.probes),
                };
                self.turn(state);
            }
            State::HalfOpen { out, back } => {
                let before = out.len();
                out.retain(|(_, lease_end)| at.now < *lease_end);
                for _ in out.len()..before {
                    self.counters.expired_leases += 1;
                    back.push(Outcome {
                        failed: true,
                        slow: true,
                    });
                }
                self.judge(at);
            }
            State::Open { .. } | State::Closed { .. } => {}
        }
    }

    fn judge(&mut self, at: Moment) {
        match &self.state {
            State::Closed { window }
                if window.len() >= self.config.minimum_calls && window.is_bad(self.thresholds) =>
            {
                self.open(at);
            }
            State::HalfOpen { back, .. } if back.len() == self.config.probes => {
                if back.is_bad(self.thresholds) {
                    self.open(at);
                } else {
                    self.turn(State::Closed {
                        window: Window::new(self.config.window),
                    });
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, at: Moment) {
        let until = at.now + self.config.open_for.mul_f64(0.9 + 0.2 * at.chance);
        self.turn(State::Open { until });
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.generation += 1;
    }

    /// How long until asking again can help.
    fn wait(&self, now: Duration) -> Duration {
        match &self.state {
            State::Closed { .. } => Duration::ZERO,
            State::Open { until } => until.saturating_sub(now),
            State::HalfOpen { out, .. } => out
                .iter()
                .map(|(_, lease_end)| lease_end.saturating_sub(now))
                .min()
                .unwrap_or_default(),
        }
    }
}
