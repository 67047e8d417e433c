//! What is told to the MVNO AP server, and its bytes.

use crate::clock;
use app::model::LineNumber;
use serde::Serialize;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

    /// Whether its line goes before lines with nothing but inquiries.
    pub(super) fn is_urgent(self) -> bool {
        self == Self::ProductChange
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
pub struct NewEvent<P = serde_json::Value> {
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
    pub payload: P,
}

/// An event as the outbox keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredEvent<'a> {
    pub event_id: &'a str,
    pub kind: EventKind,
    pub line_number: &'a str,
    /// Of [`NewEvent::body`].
    pub body: &'a str,
}

/// The body of `POST /api/v1/mvno/results`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, P> {
    event_id: &'a str,
    r#type: EventKind,
    occurred_at: String,
    customer_id: &'a str,
    line_number: &'a str,
    result: &'static str,
    message: &'a str,
    payload: &'a P,
}

impl<P: Serialize> NewEvent<P> {
    /// The bytes that are stored, signed and sent: made once, so that every delivery is the same.
    ///
    /// # Errors
    /// When the payload has no JSON form.
    pub fn body(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Body {
            event_id: &self.event_id,
            r#type: self.kind,
            occurred_at: clock::kst(self.occurred_at_ms).0,
            customer_id: &self.customer_id,
            line_number: self.line_number.as_str(),
            result: self.result.as_str(),
            message: &self.message,
            payload: &self.payload,
        })
    }
}
