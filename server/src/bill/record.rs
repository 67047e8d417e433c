//! One inquiry, as the history keeps it and as the MVNO AP server receives it.

use super::{
    answer::Answer,
    journal::Row,
    store_inquiry::{source_text, status_text},
};
use crate::{
    kos::HeldLine,
    outbox::{EventBody, EventKind, EventResult},
};
use app::{
    model::{BillingMonth, Line, Principal},
    problem::Problem,
    text,
};
use serde::Serialize;
use serde_json::value::RawValue;

/// Who asked for what, and when.
#[derive(Clone)]
pub struct Asked {
    pub request_id: String,
    pub account_id: String,
    pub customer_id: String,
    pub line: Line,
    pub month: BillingMonth,
    /// Epoch milliseconds.
    pub requested_at: i64,
}

impl Asked {
    pub fn by(
        who: &Principal,
        line: &Line,
        month: BillingMonth,
        request_id: String,
        at: i64,
    ) -> Self {
        Self {
            request_id,
            account_id: who.account_id.clone(),
            customer_id: who.user.customer_id.clone(),
            line: line.clone(),
            month,
            requested_at: at,
        }
    }

    /// The line, as that of the customer who asks.
    pub fn held_line(&self) -> HeldLine {
        HeldLine {
            number: self.line.line_number.clone(),
            customer_id: self.customer_id.clone(),
        }
    }
}

/// An inquiry with its outcome.
#[derive(Clone, Copy)]
pub struct InquiryDone<'a> {
    pub asked: &'a Asked,
    /// Epoch milliseconds.
    pub processed_at: i64,
    pub outcome: Result<&'a Answer, &'a Problem>,
}

/// The payload of the event about an inquiry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryResult<'a> {
    request_id: &'a str,
    month: BillingMonth,
    result_code: &'static str,
    /// Byte for byte the body that the REST API returned.
    bill: Option<&'a RawValue>,
}

impl<'a> InquiryDone<'a> {
    /// The row of the history.
    pub fn row(&self) -> Row<'a> {
        let asked = self.asked;
        let source = self.outcome.ok().map(|answer| answer.source);
        Row {
            request_id: asked.request_id.as_str().into(),
            account_id: asked.account_id.as_str().into(),
            customer_id: asked.customer_id.as_str().into(),
            line_id: asked.line.line_id.0.as_str().into(),
            line_number: asked.line.line_number.as_str().into(),
            month: asked.month.to_string().into(),
            requested_at: asked.requested_at,
            processed_at: self.processed_at,
            status: status_text(self.outcome.is_ok()).into(),
            source: source.map(|source| source_text(source).into()),
            result_code: self.result_code().into(),
        }
    }

    /// `OK`, or the code of the problem.
    fn result_code(&self) -> &'static str {
        match self.outcome {
            Ok(_) => OK,
            Err(problem) => problem.code().as_str(),
        }
    }

    /// The event for the MVNO AP server; the request id is its event id.
    pub fn event(&self) -> EventBody<'a, InquiryResult<'a>> {
        let (result, message) = match self.outcome {
            Ok(_) => (EventResult::Success, text::mvno::BILL_ANSWERED),
            // 5xx: the systems failed, not the customer's request.
            Err(problem) if problem.status() >= 500 => (EventResult::Outage, problem.detail()),
            Err(problem) => (EventResult::Failure, problem.detail()),
        };
        EventBody {
            event_id: &self.asked.request_id,
            r#type: EventKind::BillInquiry,
            occurred_at_ms: self.processed_at,
            customer_id: &self.asked.customer_id,
            line_number: self.asked.line.line_number.as_str(),
            result,
            message,
            payload: InquiryResult {
                request_id: &self.asked.request_id,
                month: self.asked.month,
                result_code: self.result_code(),
                bill: self.outcome.ok().map(|answer| &*answer.json),
            },
        }
    }
}

/// The result code of an inquiry with a bill.
const OK: &str = "OK";
