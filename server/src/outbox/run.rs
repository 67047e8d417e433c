//! A line leased by a worker, and the results of its events.

use crate::clock::millis;
use serde::Serialize;
use std::time::Duration;

/// An event that waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    position: i64,
    pub line_number: String,
    pub event_id: String,
    pub kind: String,
    pub body: String,
    attempts: i64,
    age_ms: i64,
}

impl Waiting {
    /// Delivery attempts, including the current one.
    pub fn attempt(&self) -> u32 {
        u32::try_from(self.attempts + 1).unwrap_or(u32::MAX)
    }

    /// Since it was recorded.
    pub fn age(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.age_ms).unwrap_or(0))
    }
}

/// A line leased by a worker, with its first waiting events in order.
#[derive(Debug)]
pub struct Run {
    pub events: Vec<Waiting>,
    /// The end of a plan change is, or was, among the waiting events.
    pub urgent: bool,
    /// More events wait behind them.
    more: bool,
    given_back: GivenBack,
    ended: Vec<Ended>,
}

/// The new state of the line's row.
#[derive(Debug, Serialize)]
pub struct GivenBack {
    line_number: String,
    lease: String,
    version: i64,
    emptied: bool,
    pause_ms: i64,
    urgent: bool,
}

/// What became of an event.
#[derive(Debug, Serialize)]
pub struct Ended {
    position: i64,
    state: &'static str,
}

impl Run {
    pub fn new(
        line_number: String,
        lease: &str,
        version: i64,
        urgent: bool,
        events: Vec<Waiting>,
        more: bool,
    ) -> Self {
        Self {
            ended: Vec::with_capacity(events.len()),
            events,
            urgent,
            more,
            given_back: GivenBack {
                line_number,
                lease: lease.to_owned(),
                version,
                emptied: false,
                pause_ms: 0,
                urgent,
            },
        }
    }

    pub fn line(&self) -> &str {
        &self.given_back.line_number
    }

    pub fn given_back(&self) -> &GivenBack {
        &self.given_back
    }

    pub fn ended(&self) -> &[Ended] {
        &self.ended
    }

    /// How long the first of them has waited.
    pub fn lag(&self) -> Duration {
        self.events.first().map_or(Duration::ZERO, Waiting::age)
    }

    /// The receiver accepted it.
    pub fn delivered(&mut self, event: &Waiting) {
        self.end(event, "DELIVERED");
    }

    /// It is dead, so that its line goes on.
    pub fn buried(&mut self, event: &Waiting) {
        self.end(event, "DEAD");
    }

    /// It failed: its line pauses.
    pub fn failed(&mut self, event: &Waiting, pause: Duration) {
        self.end(event, "WAITING");
        self.given_back.pause_ms = millis(pause);
    }

    /// Nothing is left of it.
    pub fn emptied(&mut self) {
        self.given_back.emptied = !self.more;
        self.given_back.urgent = self.urgent && self.more;
    }

    fn end(&mut self, event: &Waiting, state: &'static str) {
        let position = event.position;
        self.ended.push(Ended { position, state });
    }
}
