//! What is told to the MVNO AP server, and its bytes.

use crate::clock;
use app::model::LineNumber;
use serde_json::json;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    BillInquiry,
    ProductChange,
}

impl EventKind {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BillInquiry => "BILL_INQUIRY",
            Self::ProductChange => "PRODUCT_CHANGE",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventResult {
    Success,
    Failure,
    /// KOS could not be asked.
    Outage,
}

impl EventResult {
    fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Outage => "OUTAGE",
        }
    }
}

/// An event to be delivered at least once, in order with the other events of its line.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Stable over every delivery; the receiver knows a repeated one by it.
    pub event_id: String,
    pub kind: EventKind,
    pub customer_id: String,
    pub line_number: LineNumber,
    /// Epoch milliseconds.
    pub occurred_at_ms: i64,
    pub result: EventResult,
    /// A sentence of the catalogue.
    pub message: String,
    pub payload: serde_json::Value,
}

impl NewEvent {
    /// The body of `POST /api/v1/mvno/results`. These bytes are stored, signed and sent: made once,
    /// so that every delivery is the same.
    pub(super) fn body(&self) -> String {
        json!({
            "eventId": self.event_id,
            "type": self.kind.as_str(),
            "occurredAt": clock::kst(self.occurred_at_ms).0,
            "customerId": self.customer_id,
            "lineNumber": self.line_number.as_str(),
            "result": self.result.as_str(),
            "message": self.message,
            "payload": self.payload,
        })
        .to_string()
    }
}
