//! The operator's view of changes, and the lock taken while one is being decided.

use super::lifecycle::{State, open_states};
use crate::{
    clock::millis,
    db::{Db, DbError, Sql, execute, fetch_all, fetch_optional, sql_now},
};
use app::model::RequestId;
use std::time::Duration;

/// The most rows of one list.
pub(super) const ROWS: u32 = 500;

/// One statement per condition, so that each uses its own index in a table kept for ever.
macro_rules! list {
    ($condition:expr, $order:literal) => {
        Sql::same(concat!(
            "SELECT request_id, state, line_number, from_code, to_code, requested_at, questions,
                    late_at
               FROM product_change WHERE ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $1"
        ))
    };
}

const LIST_OPEN: Sql = list!(
    concat!("state IN ", open_states!()),
    "requested_at, request_id"
);
// Kept for ever: the last one is the news.
const LIST_LATE: Sql = list!("late_at IS NOT NULL", "late_at DESC, request_id");
const LIST_IN: Sql = list!("state = $2", "requested_at, request_id");
const SHOW: Sql = Sql::same(
    "SELECT change.state, change.line_number, change.account_id, change.customer_id,
            change.from_code, change.to_code, change.trace_id, change.reason,
            change.effective_date, change.kos_order_number, change.requested_at,
            change.called_at, change.accepted_at, change.processed_at, change.questions, change.late_at,
            event.line_seq, event.event_id, event.hash, event.note,
            delivery.state AS delivery, delivery.attempts
       FROM product_change AS change
       LEFT JOIN product_history AS event ON event.request_id = change.request_id
       LEFT JOIN outbox AS delivery ON delivery.event_id = event.event_id
      WHERE change.request_id = $1",
);
const TAKE_MANUAL: Sql = sql_now!(
    "UPDATE product_change SET owner = $2, owned_until = $3 + ",
    now,
    " WHERE request_id = $1 AND state = 'MANUAL' AND owned_until <= ",
    now,
    ""
);

/// A change on a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChangeListed {
    pub request_id: String,
    pub state: String,
    pub line_number: String,
    pub from_code: String,
    pub to_code: String,
    /// Epoch milliseconds.
    pub requested_at: i64,
    /// Questions asked of KOS so far.
    pub questions: i64,
    /// When KOS was found to have applied it after all, in epoch milliseconds.
    pub late_at: Option<i64>,
}

/// Everything stored about a change. Instants are epoch milliseconds.
#[derive(Clone, sqlx::FromRow)]
pub struct ChangeFile {
    pub state: String,
    pub line_number: String,
    pub account_id: String,
    pub customer_id: String,
    pub from_code: String,
    pub to_code: String,
    pub trace_id: String,
    pub reason: Option<String>,
    pub effective_date: Option<String>,
    pub kos_order_number: Option<String>,
    pub requested_at: i64,
    /// From here on it may have been on the wire.
    pub called_at: Option<i64>,
    /// When KOS answered that it was working on it.
    pub accepted_at: Option<i64>,
    pub processed_at: Option<i64>,
    pub questions: i64,
    pub late_at: Option<i64>,
    pub line_seq: Option<i64>,
    pub event_id: Option<String>,
    pub hash: Option<String>,
    pub note: Option<String>,
    /// Of its event: `WAITING`, `DELIVERED`, `DEAD`; `None` if it is no longer kept.
    pub delivery: Option<String>,
    pub attempts: Option<i64>,
}

/// Changes without an end, oldest first.
pub(super) async fn list_open(db: &Db) -> Result<Vec<ChangeListed>, DbError> {
    fetch_all!(db.read(), ChangeListed, LIST_OPEN, i64::from(ROWS))
}

/// Changes found applied after they had been reported as not applied, the last one found first.
pub(super) async fn list_late(db: &Db) -> Result<Vec<ChangeListed>, DbError> {
    fetch_all!(db.read(), ChangeListed, LIST_LATE, i64::from(ROWS))
}

/// Changes in one state, oldest first.
pub(super) async fn list_in(db: &Db, state: State) -> Result<Vec<ChangeListed>, DbError> {
    fetch_all!(
        db.read(),
        ChangeListed,
        LIST_IN,
        i64::from(ROWS),
        state.as_str()
    )
}

pub(super) async fn show(db: &Db, id: &RequestId) -> Result<Option<ChangeFile>, DbError> {
    fetch_optional!(db.read(), ChangeFile, SHOW, &id.0)
}

/// Locks a change that waits for a person. `false`: it does not wait, or another operator holds it.
pub(super) async fn take_manual(
    db: &Db,
    id: &RequestId,
    owner: &str,
    lease: Duration,
) -> Result<bool, DbError> {
    Ok(execute!(db.write(), TAKE_MANUAL, &id.0, owner, millis(lease))? == 1)
}
