//! How KOS looks from here.

use crate::resilience::{BreakerState, Snapshot};
use serde::Serialize;

/// The breaker of each operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KosHealth {
    pub operations: Vec<Snapshot>,
}

impl KosHealth {
    /// Whether every operation is let through freely.
    pub fn is_good(&self) -> bool {
        self.operations
            .iter()
            .all(|operation| operation.state == BreakerState::Closed)
    }
}
