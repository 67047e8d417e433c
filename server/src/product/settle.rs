//! The end of a change: state, answer, history and the event for the MVNO AP server, together.

use super::{
    ports::Ending,
    record::{ChangeRecord, Outcome},
};
use crate::outbox::{EventKind, EventResult, NewEvent};
use app::text;
use serde_json::json;

/// What is to be written when `change` ends that way; `None` where it cannot.
pub(super) fn ending(
    change: &ChangeRecord,
    outcome: Outcome,
    owner: &str,
    event_id: String,
    now_ms: i64,
) -> Option<Ending> {
    let (from, ended) = (change.state, change.ended(outcome, now_ms));
    if !from.may_become(ended.state) {
        tracing::error!(?from, to = ?ended.state, "a change cannot end like that");
        return None;
    }
    Some(Ending {
        event: event(&ended, event_id, now_ms),
        from,
        owner: owner.to_owned(),
        note: None,
        ended,
    })
}

/// What the MVNO AP server is told.
fn event(ended: &ChangeRecord, event_id: String, now_ms: i64) -> NewEvent {
    let change = ended.view();
    let (result, message) = match change.failure {
        None => (
            EventResult::Success,
            text::mvno::CHANGE_COMPLETED.to_owned(),
        ),
        Some(ref failure) => (EventResult::Failure, failure.message.clone()),
    };
    NewEvent {
        event_id,
        kind: EventKind::ProductChange,
        customer_id: ended.customer_id.clone(),
        line_number: ended.line.line_number.clone(),
        occurred_at_ms: now_ms,
        result,
        message,
        payload: json!({
            "requestId": change.request_id,
            "status": change.status,
            "from": change.from,
            "to": change.to,
            "requestedAt": change.requested_at,
            "processedAt": change.processed_at,
            "effectiveDate": change.effective_date,
            "kosOrderNumber": change.kos_order_number,
            "failure": change.failure,
        }),
    }
}
