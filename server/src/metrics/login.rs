//! The metrics of logins and locks.

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

/// The result of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum LoginResult {
    Success,
    Refused,
    Locked,
    /// The queue of password checks was full; nothing was counted against the id.
    Busy,
    Failed,
}

/// The counters of logins. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct LoginMetrics {
    logins: Family<LoginLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LoginLabels {
    result: LoginResult,
}

impl LoginMetrics {
    /// Registers them, those at zero included.
    pub fn register(&self, registry: &mut Registry) {
        for result in [
            LoginResult::Success,
            LoginResult::Refused,
            LoginResult::Locked,
            LoginResult::Busy,
            LoginResult::Failed,
        ] {
            drop(self.logins.get_or_create(&LoginLabels { result }));
        }
        registry.register("logins", "Logins by result", self.logins.clone());
    }

    /// Counts a login.
    pub fn ended(&self, result: LoginResult) {
        self.logins.get_or_create(&LoginLabels { result }).inc();
    }
}
