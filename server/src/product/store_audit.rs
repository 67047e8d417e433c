//! Queries of the audit: the whole history, and whether it agrees with the changes.

use super::{history_chain::SealedEvent, lifecycle::open_states};
use crate::{
    clock,
    db::{Db, DbError, Sql, fetch_all},
};
use serde_json::Value;

/// Rows read at once.
const CHUNK: i64 = 1_000;

const EVENTS_AFTER: Sql = Sql::same(
    "SELECT event.line_number, event.line_seq, event.event_id, event.request_id, event.state,
            payload, recorded_at, note, prev_hash, hash, change.state AS change_state, from_code,
            from_name, to_code, to_name, requested_at, processed_at, effective_date,
            kos_order_number, reason
       FROM product_history AS event
       LEFT JOIN product_change AS change ON change.request_id = event.request_id
      WHERE (event.line_number, event.line_seq) > ($1, $2)
      ORDER BY event.line_number, event.line_seq LIMIT $3",
);
const ENDS_AFTER: Sql = Sql::same(concat!(
    "SELECT request_id, state,
            EXISTS (SELECT 1 FROM product_history AS event
                     WHERE event.request_id = product_change.request_id
                       AND event.state = product_change.state
                       AND event.line_number = product_change.line_number) AS recorded
       FROM product_change
      WHERE state NOT IN ",
    open_states!(),
    " AND request_id > $1 ORDER BY request_id LIMIT $2"
));

/// A stored event, with its change's account of the same end; `None` if the change is absent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub line_number: String,
    pub line_seq: i64,
    pub event_id: String,
    pub request_id: String,
    state: String,
    payload: String,
    recorded_at: i64,
    note: Option<String>,
    pub prev_hash: Option<String>,
    pub hash: Option<String>,
    /// `None` when the change is absent.
    change_state: Option<String>,
    from_code: Option<String>,
    from_name: Option<String>,
    to_code: Option<String>,
    to_name: Option<String>,
    requested_at: Option<i64>,
    processed_at: Option<i64>,
    effective_date: Option<String>,
    kos_order_number: Option<String>,
    reason: Option<String>,
}

impl EventRow {
    /// The end that the event records and its change does not have.
    pub fn without_end(&self) -> Option<String> {
        (self.change_state.as_ref() != Some(&self.state)).then(|| self.state.clone())
    }

    /// What its hash is over.
    pub fn sealed(&self) -> SealedEvent<'_> {
        SealedEvent {
            line_number: &self.line_number,
            line_seq: self.line_seq,
            event_id: &self.event_id,
            request_id: &self.request_id,
            state: &self.state,
            payload: &self.payload,
            recorded_at_ms: self.recorded_at,
            note: self.note.as_deref(),
        }
    }

    /// The first field in which the change, the source of the pages, differs from its event.
    pub fn told_otherwise(&self) -> Option<&'static str> {
        let told: Value = serde_json::from_str(&self.payload).unwrap_or_default();
        let instant = |at: Option<i64>| at.map(|at| clock::kst(at).0);
        self.from_code.as_ref()?;
        [
            ("/from/code", self.from_code.clone()),
            ("/from/name", self.from_name.clone()),
            ("/to/code", self.to_code.clone()),
            ("/to/name", self.to_name.clone()),
            ("/requestedAt", instant(self.requested_at)),
            ("/processedAt", instant(self.processed_at)),
            ("/effectiveDate", self.effective_date.clone()),
            ("/kosOrderNumber", self.kos_order_number.clone()),
            ("/failure/code", self.reason.clone()),
        ]
        .into_iter()
        // An earlier version may have sealed less.
        .find(|(name, now)| {
            let sealed = told.pointer(name);
            sealed.is_some_and(|sealed| sealed.as_str() != now.as_deref())
        })
        .map(|(name, _)| name)
    }
}

/// The next events in the order of lines and numbers; none: that was all.
pub(super) async fn events_after(
    db: &Db,
    line_number: &str,
    line_seq: i64,
) -> Result<Vec<EventRow>, DbError> {
    fetch_all!(
        db.read(),
        EventRow,
        EVENTS_AFTER,
        line_number,
        line_seq,
        CHUNK
    )
}

/// A change that ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EndRow {
    pub request_id: String,
    pub state: String,
    /// Whether an event of its line records this end.
    pub recorded: bool,
}

/// The next ended changes in the order of their request ids; none: that was all.
pub(super) async fn ends_after(db: &Db, request_id: &str) -> Result<Vec<EndRow>, DbError> {
    fetch_all!(db.read(), EndRow, ENDS_AFTER, request_id, CHUNK)
}
