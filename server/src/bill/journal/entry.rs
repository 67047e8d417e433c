//! An inquiry as the journal keeps it: the row of the history as JSON, a line feed, the event's
//! body. JSON has no raw line feed, so neither needs escaping, and the body stays the very bytes
//! that are delivered.

use super::frame;
use crate::{
    bill::record::InquiryDone,
    outbox::{EventKind, StoredEvent},
};
use serde::{Deserialize, Serialize};

/// The columns of `bill_request` and `bill_result`, under their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub request_id: String,
    pub account_id: String,
    pub customer_id: String,
    pub line_id: String,
    pub line_number: String,
    pub month: String,
    pub requested_at: i64,
    pub processed_at: i64,
    pub status: String,
    pub source: Option<String>,
    pub result_code: String,
}

/// One inquiry, ready to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub row: Row,
    /// Of the event for the MVNO AP server.
    pub body: String,
}

impl Entry {
    /// # Errors
    /// When the bill has no JSON form.
    pub fn of(done: &InquiryDone<'_>) -> serde_json::Result<Self> {
        Ok(Self {
            row: done.row(),
            body: done.event().body()?,
        })
    }

    /// The frame to write; `None` when it has no JSON form.
    pub fn seal(&self) -> Option<Vec<u8>> {
        let mut payload = serde_json::to_vec(&self.row).ok()?;
        payload.push(b'\n');
        payload.extend(self.body.as_bytes());
        frame::seal(&payload)
    }

    /// The event for the MVNO AP server; the request id is its event id.
    pub fn event(&self) -> StoredEvent<'_> {
        StoredEvent {
            event_id: &self.row.request_id,
            kind: EventKind::BillInquiry,
            line_number: &self.row.line_number,
            body: &self.body,
        }
    }

    /// The entry of that payload; `None` when another release wrote it in another form.
    pub fn open(payload: &[u8]) -> Option<Self> {
        let feed = payload.iter().position(|byte| *byte == b'\n')?;
        Some(Self {
            row: serde_json::from_slice(&payload[..feed]).ok()?,
            body: String::from_utf8(payload[feed + 1..].to_vec()).ok()?,
        })
    }
}
