//! What is measured of an outage, and how much of it there may be.

use crate::sold::SOLD;
use std::{fmt, time::Duration};

/// A tenth of a wait is its jitter.
const SHORTEST_OF_A_WAIT: f64 = 0.9;

/// One measure, by its row of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// I8: the slowest p99 of the routes that need nothing of KOS, in milliseconds.
    OtherRoutes,
    /// I8: the most at once.
    Sockets,
    /// I8: by how much the process grew at most, in MiB.
    Memory,
    /// I9: of those who asked before the breaker opened.
    WholeTimeOuts,
    /// I9: the p99 from then on, in milliseconds.
    WhileOpen,
    /// I9: calls to KOS from then on, during so long.
    CallsWhileOpen(Duration),
    /// I10: seconds from KOS's return on.
    ClosedAfter,
    /// I10: calls to KOS in the seconds after, in percent of what they were before the outage.
    CallsAfter,
}

/// A measure that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub measure: Measure,
    pub measured: f64,
}

impl Measure {
    /// As of the design, with the waits, places and sizes that are sold.
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

    /// It was taken, and was so much.
    pub fn of(self, measured: f64) -> Finding {
        Finding {
            measure: self,
            measured,
        }
    }

    /// Whether that is the same measure, however long it was taken.
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
