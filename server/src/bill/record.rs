//! One inquiry as it is kept and told.

use super::{
    journal::Row,
    store_inquiry::{source_text, status_text},
};
use crate::outbox::{EventKind, EventResult, NewEvent};
use app::{
    model::{Bill, BillingMonth, Line, Principal},
    problem::Problem,
    text,
};
use serde::Serialize;

/// Who asked for what, and when.
#[derive(Clone, Debug)]
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
}

/// An inquiry with its end.
#[derive(Clone, Debug)]
pub struct InquiryDone<'a> {
    pub asked: Asked,
    /// Epoch milliseconds.
    pub processed_at: i64,
    pub outcome: Result<&'a Bill, &'a Problem>,
}

/// What the event tells about an inquiry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told<'a> {
    request_id: &'a str,
    month: BillingMonth,
    result_code: &'static str,
    bill: Option<&'a Bill>,
}

impl InquiryDone<'_> {
    /// What the history shows.
    pub fn row(&self) -> Row {
        let asked = &self.asked;
        let source = self.outcome.ok().map(|bill| bill.freshness.source);
        Row {
            request_id: asked.request_id.clone(),
            account_id: asked.account_id.clone(),
            customer_id: asked.customer_id.clone(),
            line_id: asked.line.line_id.0.clone(),
            line_number: asked.line.line_number.as_str().to_owned(),
            month: asked.month.to_string(),
            requested_at: asked.requested_at,
            processed_at: self.processed_at,
            status: status_text(self.outcome.is_ok()).to_owned(),
            source: source.map(|source| source_text(source).to_owned()),
            result_code: self.result_code().to_owned(),
        }
    }

    /// `OK`, or the code of the problem.
    fn result_code(&self) -> &'static str {
        match self.outcome {
            Ok(_) => OK,
            Err(problem) => problem.code().as_str(),
        }
    }

    /// What the MVNO AP server is told; the request id is its event id.
    pub fn event(&self) -> NewEvent<Told<'_>> {
        let (result, message, bill) = match self.outcome {
            Ok(bill) => (EventResult::Success, text::mvno::BILL_ANSWERED, Some(bill)),
            // 5xx: the systems failed, and not what the customer asked.
            Err(problem) if problem.status() >= 500 => {
                (EventResult::Outage, problem.detail(), None)
            }
            Err(problem) => (EventResult::Failure, problem.detail(), None),
        };
        NewEvent {
            event_id: self.asked.request_id.clone(),
            kind: EventKind::BillInquiry,
            customer_id: self.asked.customer_id.clone(),
            line_number: self.asked.line.line_number.clone(),
            occurred_at_ms: self.processed_at,
            result,
            message: message.to_owned(),
            payload: Told {
                request_id: &self.asked.request_id,
                month: self.asked.month,
                result_code: self.result_code(),
                bill,
            },
        }
    }
}

/// The result code of an inquiry that got its bill.
const OK: &str = "OK";
