//! The health of KOS as seen from here.

use crate::resilience::Snapshot;
use serde::Serialize;

/// The breaker of each operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KosHealth {
    pub operations: Vec<Snapshot>,
}
