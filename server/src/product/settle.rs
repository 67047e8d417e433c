//! The end of a change: state, answer, history and the event for the MVNO AP server, together.

use super::{
    answer,
    lifecycle::State,
    record::ChangeRecord,
    store_answer::AnswerStore,
    store_change::ChangeStore,
    store_history::{self, HistoryEvent},
};
use crate::{
    db::{Db, DbError},
    outbox::{self, EventKind, EventResult, NewEvent},
};
use app::text;
use serde_json::json;

/// Writes the end of a change in one transaction. `false`, and nothing written: another replica
/// owns the change by now.
///
/// # Errors
/// [`DbError`]; the change is then still open, and the reconciler finds its end by asking.
pub(super) async fn settle(
    db: &Db,
    ended: &ChangeRecord,
    from: State,
    owner: &str,
    event_id: String,
    now_ms: i64,
) -> Result<bool, DbError> {
    if !(from.may_become(ended.state) && ended.state.is_terminal()) {
        tracing::error!(?from, to = ?ended.state, "a change cannot end like that");
        return Ok(false);
    }
    let event = event(ended, event_id, now_ms);
    let answer = answer::encode(&ended.answer());
    let mut tx = db.begin_write().await?;
    if !ChangeStore::end(&mut tx, ended, from, owner).await? {
        return Ok(false);
    }
    let history = HistoryEvent {
        event_id: &event.event_id,
        line_number: event.line_number.as_str(),
        request_id: &ended.request_id.0,
        state: ended.state.as_str(),
        payload: &event.payload.to_string(),
        recorded_at_ms: now_ms,
    };
    store_history::append(&mut tx, &history).await?;
    outbox::enqueue(&mut tx, &event).await?;
    AnswerStore::answer(&mut tx, ended, &answer).await?;
    tx.commit().await?;
    Ok(true)
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
