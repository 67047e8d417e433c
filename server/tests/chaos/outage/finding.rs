//! The measures of an outage, and their limits.

use crate::sold::SOLD;
use std::{fmt, time::Duration};

/// The shortest wait under its jitter of 10 %, as a factor.
const SHORTEST_OF_A_WAIT: f64 = 0.9;

/// A measure, by its row of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// I8: the slowest p99 of the routes that need nothing of KOS, in milliseconds.
    OtherRoutes,
    /// I8: the most connections to KOS at once.
    Sockets,
    /// I8: the most that the process grew, in MiB.
    Memory,
    /// I9: requests that waited for KOS's whole time-out, from before the breaker opened.
    WholeTimeOuts,
    /// I9: the p99 after that, in milliseconds.
    WhileOpen,
    /// I9: calls to KOS after that, within the given time.
    CallsWhileOpen(Duration),
    /// I10: seconds from KOS's return until the breaker closed.
    ClosedAfter,
    /// I10: calls to KOS in the seconds after, in percent of those before the outage.
    CallsAfter,
}

/// A measure with its value.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub measure: Measure,
    pub measured: f64,
}

impl Measure {
    /// The limit by the design, with the shipped waits, places and sizes.
    fn at_most(self) -> f64 {
        let (breaker, places) = (&SOLD.breaker, SOLD.kos.inquiry_places);
        let wait = breaker.open_for.as_secs_f64();
        match self {
            Self::OtherRoutes => 200.0,
            Self::Sockets => 48.0,
            Self::Memory => 128.0,
            Self::WholeTimeOuts => (breaker.minimum_calls + places) as f64,
            Self::WhileOpen => 50.0,
            Self::CallsWhileOpen(lasted) => {
                let waits = lasted.as_secs_f64() / (wait * SHORTEST_OF_A_WAIT);
                breaker.probes as f64 * waits.floor()
            }
            Self::ClosedAfter => wait + 5.0,
            Self::CallsAfter => 120.0,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::OtherRoutes => "I8: p99 of what needs nothing of KOS (ms)",
            Self::Sockets => "I8: connections to KOS",
            Self::Memory => "I8: memory that came (MiB)",
            Self::WholeTimeOuts => "I9: whole time-outs before the breaker opened",
            Self::WhileOpen => "I9: p99 of all answers from then on (ms)",
            Self::CallsWhileOpen(_) => "I9: calls to KOS from then on",
            Self::ClosedAfter => "I10: closed after KOS came back (s)",
            Self::CallsAfter => "I10: calls to KOS in the seconds after (% of before)",
        }
    }

    /// The measure with its value.
    pub fn of(self, measured: f64) -> Finding {
        Finding {
            measure: self,
            measured,
        }
    }

    /// Whether it is the same measure, for any duration.
    pub fn is(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

impl Finding {
    pub fn is_within(&self) -> bool {
        self.measured <= self.measure.at_most()
    }
}

/// A row of a table in Markdown.
impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, limit) = (self.measure.name(), self.measure.at_most());
        let verdict = if self.is_within() { "" } else { " **breach**" };
        let measured = self.measured.ceil();
        write!(out, "| {name} | {measured}{verdict} | {limit} |")
    }
}
