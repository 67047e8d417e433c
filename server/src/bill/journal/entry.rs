//! An entry of the journal: the row of the history as JSON, a line feed, the event's body. JSON has
//! no raw line feed, so neither needs escaping, and the body keeps the bytes that are delivered.

use super::frame::Frame;
use crate::{
    bill::record::InquiryDone,
    outbox::{EventKind, StoredEvent},
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, io};

/// The columns of `bill_request` and `bill_result`, under their names.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row<'a> {
    #[serde(borrow)]
    pub request_id: Cow<'a, str>,
    #[serde(borrow)]
    pub account_id: Cow<'a, str>,
    #[serde(borrow)]
    pub customer_id: Cow<'a, str>,
    #[serde(borrow)]
    pub line_id: Cow<'a, str>,
    #[serde(borrow)]
    pub line_number: Cow<'a, str>,
    #[serde(borrow)]
    pub month: Cow<'a, str>,
    pub requested_at: i64,
    pub processed_at: i64,
    #[serde(borrow)]
    pub status: Cow<'a, str>,
    #[serde(borrow)]
    pub source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub result_code: Cow<'a, str>,
}

/// One inquiry, ready to be committed.
#[derive(Debug)]
pub struct Entry<'a> {
    pub row: Row<'a>,
    /// Of the event for the MVNO AP server.
    pub body: &'a str,
    /// The whole entry, as read.
    pub payload: &'a [u8],
}

/// The frame to write.
///
/// # Errors
/// When the inquiry has no JSON form, or one beyond a frame's length.
pub fn frame(done: &InquiryDone<'_>) -> io::Result<Frame> {
    Frame::of(|payload| {
        serde_json::to_writer(&mut *payload, &done.row())?;
        payload.push(b'\n');
        serde_json::to_writer(payload, &done.event())?;
        Ok(())
    })
}

impl<'a> Entry<'a> {
    /// The entry of that payload; `None` when another release wrote it in another form.
    pub fn open(payload: &'a [u8]) -> Option<Self> {
        let feed = payload.iter().position(|byte| *byte == b'\n')?;
        Some(Self {
            row: serde_json::from_slice(&payload[..feed]).ok()?,
            body: str::from_utf8(&payload[feed + 1..]).ok()?,
            payload,
        })
    }

    /// The event for the MVNO AP server; the request id is its event id.
    pub fn event(&self) -> StoredEvent<'_> {
        StoredEvent {
            event_id: &self.row.request_id,
            kind: EventKind::BillInquiry,
            line_number: &self.row.line_number,
            body: self.body,
        }
    }
}
