//! What a caller holds during a call.

use super::{handle::Shared, machine::Pass};
use std::{sync::Arc, time::Duration};

/// A permit for one call, returned with its result. Dropping it reports a failure.
#[must_use = "a ticket that is dropped counts as a failure"]
pub struct Ticket {
    breaker: Arc<Shared>,
    pass: Option<Pass>,
    started: Duration,
}

impl Ticket {
    pub(super) fn new(breaker: Arc<Shared>, pass: Pass, started: Duration) -> Self {
        Self {
            breaker,
            pass: Some(pass),
            started,
        }
    }

    pub(super) fn is_probe(&self) -> bool {
        self.pass.is_some_and(|pass| pass.probe)
    }

    /// The call was answered.
    pub fn succeeded(mut self) {
        if let Some(pass) = self.pass.take() {
            self.breaker.record(pass, self.started, false);
        }
    }

    /// The call was not made: it counts as nothing, and a probe's place is free again.
    pub fn unused(mut self) {
        if let Some(pass) = self.pass.take() {
            self.breaker.give_back(pass);
        }
    }

    /// The call failed.
    pub fn failed(self) {
        drop(self);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.breaker.record(pass, self.started, true);
        }
    }
}
