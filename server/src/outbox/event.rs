//! Events for the MVNO AP server, and their bytes.

use crate::clock;
use app::model::LineNumber;
use serde::{Serialize, Serializer};
use std::fmt;

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

    /// Whether its line is delivered before lines with only inquiries.
    pub(super) fn is_urgent(self) -> bool {
        self == Self::ProductChange
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventResult {
    Success,
    Failure,
    /// KOS could not be asked.
    Outage,
}

/// An event to be delivered at least once, in order with the other events of its line.
#[derive(Clone)]
pub struct NewEvent<P = serde_json::Value> {
    /// The same in every delivery; the receiver recognises a repeated one by it.
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

impl<P> fmt::Debug for NewEvent<P> {
    /// Without the customer and what the event says about them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("event_id", &self.event_id)
            .field("kind", &self.kind)
            .field("line_number", &self.line_number)
            .field("result", &self.result)
            .finish_non_exhaustive()
    }
}

/// An event as stored in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredEvent<'a> {
    pub event_id: &'a str,
    pub kind: EventKind,
    pub line_number: &'a str,
    /// Of [`NewEvent::body`].
    pub body: &'a str,
}

/// The body of `POST /api/v1/mvno/results`: the bytes that are stored, signed and sent. Made once,
/// so that every delivery is identical.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBody<'a, P> {
    pub event_id: &'a str,
    pub r#type: EventKind,
    #[serde(rename = "occurredAt", serialize_with = "in_seoul")]
    pub occurred_at_ms: i64,
    pub customer_id: &'a str,
    pub line_number: &'a str,
    pub result: EventResult,
    /// A sentence of the catalogue.
    pub message: &'a str,
    pub payload: P,
}

impl<P: Serialize> NewEvent<P> {
    /// What is stored and sent.
    ///
    /// # Errors
    /// When the payload has no JSON form.
    pub fn body(&self) -> serde_json::Result<String> {
        serde_json::to_string(&EventBody {
            event_id: &self.event_id,
            r#type: self.kind,
            occurred_at_ms: self.occurred_at_ms,
            customer_id: &self.customer_id,
            line_number: self.line_number.as_str(),
            result: self.result,
            message: &self.message,
            payload: &self.payload,
        })
    }
}

fn in_seoul<S: Serializer>(epoch_ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    clock::kst(*epoch_ms).serialize(serializer)
}
