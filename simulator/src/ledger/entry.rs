//! The lines of the ledger.

use crate::LineNumber;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A change that arrived on the wire, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeAttempt {
    /// RFC 3339 in Seoul.
    pub received_at: String,
    /// `None` when the body did not name one.
    pub request_id: Option<String>,
    /// `None` when the body did not name a well-formed one.
    pub line_number: Option<LineNumber>,
    pub target_product_code: Option<String>,
    /// The fault chosen for the call.
    pub fault: Option<String>,
}

/// A change that took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeApplied {
    /// RFC 3339 in Seoul.
    pub applied_at: String,
    pub request_id: String,
    pub line_number: LineNumber,
    pub previous_product_code: String,
    pub new_product_code: String,
    /// `YYYYMMDD`.
    pub effective_date: String,
    pub kos_order_number: String,
}

/// A change that KOS refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRefused {
    /// RFC 3339 in Seoul.
    pub refused_at: String,
    pub request_id: String,
    pub line_number: LineNumber,
    /// The KOS result code.
    pub result_code: String,
}

/// A result the AP server received with a good signature. The order in the ledger is the order of
/// arrival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApEvent {
    /// RFC 3339 in Seoul.
    pub received_at: String,
    pub event_id: String,
    /// `BILL_INQUIRY` or `PRODUCT_CHANGE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// As the sender gave it.
    pub occurred_at: String,
    pub customer_id: String,
    pub line_number: LineNumber,
    /// `SUCCESS`, `FAILURE` or `OUTAGE`.
    pub result: String,
    pub message: Option<String>,
    pub payload: Value,
    /// Whether an event of this id had been received before.
    pub duplicate: bool,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "camelCase")]
pub(crate) enum Entry {
    ChangeAttempt(ChangeAttempt),
    ChangeApplied(ChangeApplied),
    ChangeRefused(ChangeRefused),
    ApEvent(ApEvent),
}
