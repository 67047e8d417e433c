//! The table `outbox`, in each database that has events to send: recording what is to be delivered, and
//! reporting what was.
//!
//! Enqueuing touches the line first (`outbox_line`). Its row is locked until the commit, so within
//! a line positions follow the order of commits across replicas.

use super::{NewEvent, StoredEvent};
use crate::db::{Db, DbError, Sql, Tx, execute, fetch_all, sql_now};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// A line that pauses, or is held, stays so.
macro_rules! touched {
    () => {
        " ON CONFLICT (line_number) DO UPDATE
             SET version = outbox_line.version + 1,
                 due_at = COALESCE(outbox_line.due_at, excluded.due_at),
                 urgent = outbox_line.urgent OR excluded.urgent"
    };
}

const TOUCH: Sql = sql_now!(
    "INSERT INTO outbox_line (line_number, urgent, due_at) VALUES ($1, $2, ",
    now,
    ")",
    [touched!()]
);
// Sorted, so that two replicas never wait for each other.
const TOUCH_ALL: Sql = sql_now!(
    "INSERT INTO outbox_line (line_number, urgent, due_at) SELECT key, CAST(value AS BOOLEAN), ",
    now,
    (
        " FROM json_each($1) WHERE true",
        " FROM json_each_text(CAST($1 AS JSON))"
    ),
    " ORDER BY 1",
    [touched!()]
);

const ENQUEUE: Sql = sql_now!(
    "INSERT INTO outbox (event_id, kind, line_number, body, enqueued_at) VALUES ($1, $2, $3, $4, ",
    now,
    ")"
);
// Positions follow the order of the array, which is the order of delivery within a line.
const ENQUEUE_ALL: Sql = sql_now!(
    "INSERT INTO outbox (event_id, kind, line_number, body, enqueued_at) SELECT ",
    (
        "value ->> 'event_id', value ->> 'kind', value ->> 'line_number', value ->> 'body', ",
        "event_id, kind, line_number, body, "
    ),
    now,
    (
        " FROM json_each($1) WHERE true",
        " FROM ROWS FROM (json_to_recordset(CAST($1 AS JSON))
                   AS (event_id TEXT, kind TEXT, line_number TEXT, body TEXT))
               WITH ORDINALITY AS event (event_id, kind, line_number, body, key)"
    ),
    " ORDER BY key ON CONFLICT (event_id) DO NOTHING"
);

const DELIVERED_AT: Sql = Sql {
    sqlite: "SELECT event_id, settled_at FROM outbox
              WHERE state = 'DELIVERED' AND event_id IN (SELECT value FROM json_each($1))
             UNION ALL
             SELECT event_id, delivered_at FROM outbox_delivered
              WHERE event_id IN (SELECT value FROM json_each($1))",
    postgres: "SELECT event_id, settled_at FROM outbox
                WHERE state = 'DELIVERED'
                  AND event_id IN (SELECT json_array_elements_text(CAST($1 AS JSON)))
               UNION ALL
               SELECT event_id, delivered_at FROM outbox_delivered
                WHERE event_id IN (SELECT json_array_elements_text(CAST($1 AS JSON)))",
};

/// Records an event in the transaction of the fact it reports: both exist, or neither.
///
/// Ring the [`super::OutboxBell`] after the commit.
///
/// # Errors
/// [`DbError::Unique`] when an event of that id was recorded before.
pub async fn enqueue<P: Serialize>(tx: &mut Tx, event: &NewEvent<P>) -> Result<(), DbError> {
    let body = event.body()?;
    let line = event.line_number.as_str();
    execute!(tx.target(), TOUCH, line, event.kind.is_urgent())?;
    execute!(
        tx.target(),
        ENQUEUE,
        &event.event_id,
        event.kind.as_str(),
        line,
        body,
    )?;
    Ok(())
}

/// Records events in their order; those recorded before are skipped.
///
/// # Errors
/// [`DbError`] of a statement.
pub async fn enqueue_all(tx: &mut Tx, events: &[StoredEvent<'_>]) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let lines = events
        .iter()
        .map(|event| (event.line_number, event.kind.is_urgent()));
    touch_all(tx, lines).await?;
    let events = serde_json::to_string(events)?;
    execute!(tx.target(), ENQUEUE_ALL, &events)?;
    Ok(())
}

/// Marks those lines as having something to deliver; `true`: the end of a plan change.
pub(super) async fn touch_all<'a>(
    tx: &mut Tx,
    lines: impl Iterator<Item = (&'a str, bool)>,
) -> Result<(), DbError> {
    let mut urgent_by_line: BTreeMap<&str, bool> = BTreeMap::new();
    for (line, urgent) in lines {
        *urgent_by_line.entry(line).or_default() |= urgent;
    }
    let lines = serde_json::to_string(&urgent_by_line)?;
    execute!(tx.target(), TOUCH_ALL, &lines)?;
    Ok(())
}

/// When the MVNO AP server accepted those events, in epoch milliseconds; events not accepted are
/// absent.
///
/// # Errors
/// [`DbError`] of the read.
pub async fn delivered_at(db: &Db, event_ids: &[String]) -> Result<HashMap<String, i64>, DbError> {
    if event_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = json!(event_ids).to_string();
    let rows = fetch_all!(db.read(), (String, i64), DELIVERED_AT, &ids)?;
    Ok(rows.into_iter().collect())
}
