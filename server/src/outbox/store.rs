//! The table `outbox`, in each database that has facts to tell.
//!
//! Time is the database's: replicas agree on what is due and whose lease has run out.

use super::{NewEvent, StoredEvent};
use crate::db::{Db, DbError, Sql, Tx, execute, fetch_all, sql_now};
use serde::Serialize;
use serde_json::json;
use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

// While the first event of a line pauses, those behind it carry the same time: what is not due is
// then not even looked at, and an AP that is away for an hour costs the database nothing.
const ENQUEUE: Sql = sql_now!(
    "INSERT INTO outbox (event_id, kind, line_number, body, enqueued_at, next_attempt_at)
     VALUES ($1, $2, $3, $4, ",
    now,
    ", COALESCE((SELECT next_attempt_at FROM outbox
                  WHERE state = 'WAITING' AND line_number = $3 ORDER BY position LIMIT 1), 0))"
);

// Positions follow the order of the array: it is the order of delivery within a line.
const ENQUEUE_ALL: Sql = Sql {
    sqlite: "INSERT INTO outbox (event_id, kind, line_number, body, enqueued_at, next_attempt_at)
             SELECT value ->> 'event_id', value ->> 'kind', value ->> 'line_number', value ->> 'body',
                    CAST(unixepoch('subsec') * 1000 AS INTEGER),
                    COALESCE((SELECT next_attempt_at FROM outbox
                               WHERE state = 'WAITING' AND line_number = value ->> 'line_number'
                               ORDER BY position LIMIT 1), 0)
               FROM json_each($1) WHERE true ORDER BY key
             ON CONFLICT (event_id) DO NOTHING",
    postgres: "INSERT INTO outbox (event_id, kind, line_number, body, enqueued_at, next_attempt_at)
               SELECT event_id, kind, line_number, body,
                      CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
                      COALESCE((SELECT next_attempt_at FROM outbox
                                 WHERE state = 'WAITING' AND outbox.line_number = event.line_number
                                 ORDER BY position LIMIT 1), 0)
                 FROM ROWS FROM (json_to_recordset(CAST($1 AS JSON))
                          AS (event_id TEXT, kind TEXT, line_number TEXT, body TEXT))
                      WITH ORDINALITY AS event (event_id, kind, line_number, body, key)
                ORDER BY key
               ON CONFLICT (event_id) DO NOTHING",
};

/// Takes the first waiting event of each line, where it is due and nobody holds it. PostgreSQL
/// passes over rows another replica is taking this moment; SQLite has one writer.
macro_rules! claim {
    ($due:literal) => {
        sql_now!(
            "WITH due AS (
                 SELECT position FROM outbox AS first
                  WHERE state = 'WAITING'
                    AND NOT EXISTS (
                        SELECT 1 FROM outbox AS earlier
                         WHERE earlier.state = 'WAITING'
                           AND earlier.line_number = first.line_number
                           AND earlier.position < first.position)
                    AND next_attempt_at <= ",
            now,
            " AND lease_until <= ",
            now,
            $due,
            now,
            " WHERE position IN (SELECT position FROM due)
             RETURNING position, event_id, kind, body, attempts, ",
            now,
            " - enqueued_at AS age_ms"
        )
    };
}

const CLAIM: Sql = Sql {
    sqlite: claim!(
        " ORDER BY next_attempt_at, position LIMIT $3)
         UPDATE outbox SET lease = $1, attempts = attempts + 1, lease_until = $2 + "
    )
    .sqlite,
    postgres: claim!(
        " ORDER BY next_attempt_at, position LIMIT $3 FOR UPDATE SKIP LOCKED)
         UPDATE outbox SET lease = $1, attempts = attempts + 1, lease_until = $2 + "
    )
    .postgres,
};

// Whoever lost the lease changes nothing: the row is another replica's by now.
const BURY: Sql = sql_now!(
    "UPDATE outbox SET state = 'DEAD', lease = NULL, lease_until = 0, settled_at = ",
    now,
    " WHERE position = $1 AND lease = $2 AND state = 'WAITING'"
);
/// Positions and leases are arrays: a position held under any of our leases is ours.
const SETTLE_ALL: Sql = Sql {
    sqlite: "UPDATE outbox SET state = 'DELIVERED', lease = NULL, lease_until = 0,
                    settled_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
              WHERE position IN (SELECT value FROM json_each($1))
                AND lease IN (SELECT value FROM json_each($2)) AND state = 'WAITING'",
    postgres: "UPDATE outbox SET state = 'DELIVERED', lease = NULL, lease_until = 0,
                      settled_at = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
                WHERE position IN
                          (SELECT CAST(json_array_elements_text(CAST($1 AS JSON)) AS BIGINT))
                  AND lease IN (SELECT json_array_elements_text(CAST($2 AS JSON)))
                  AND state = 'WAITING'",
};

// The whole line pauses with its first event.
const RETRY_LATER: Sql = sql_now!(
    "UPDATE outbox
        SET lease = CASE WHEN position = $1 THEN NULL ELSE lease END,
            lease_until = CASE WHEN position = $1 THEN 0 ELSE lease_until END,
            next_attempt_at = $3 + ",
    now,
    " WHERE state = 'WAITING'
        AND line_number = (SELECT line_number FROM outbox
                            WHERE position = $1 AND lease = $2 AND state = 'WAITING')"
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

/// Records an event in the transaction of the fact it tells: both exist, or neither does.
///
/// Ring the [`super::OutboxBell`] after the commit.
///
/// # Errors
/// [`DbError::Unique`] when an event of that id was recorded before.
pub async fn enqueue<P: Serialize>(tx: &mut Tx, event: &NewEvent<P>) -> Result<(), DbError> {
    let body = event.body().map_err(encode)?;
    execute!(
        tx.target(),
        ENQUEUE,
        &event.event_id,
        event.kind.as_str(),
        event.line_number.as_str(),
        body,
    )?;
    Ok(())
}

/// Records events, in their order, by one statement; those recorded before are passed over.
///
/// # Errors
/// [`DbError`] of the statement.
pub async fn enqueue_all(tx: &mut Tx, events: &[StoredEvent<'_>]) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let events = serde_json::to_string(events).map_err(encode)?;
    execute!(tx.target(), ENQUEUE_ALL, &events)?;
    Ok(())
}

fn encode(error: serde_json::Error) -> DbError {
    sqlx::Error::Encode(error.into()).into()
}

/// When the MVNO AP server accepted those events, in epoch milliseconds; those it has not are
/// missing from the map.
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

/// An event held by one worker until its lease runs out.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    position: i64,
    lease: String,
    pub event_id: String,
    pub kind: String,
    pub body: String,
    /// Deliveries tried, this one included.
    pub attempts: u32,
    /// Since it was recorded.
    pub age: Duration,
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    position: i64,
    event_id: String,
    kind: String,
    body: String,
    attempts: i64,
    age_ms: i64,
}

/// Takes at most `limit` events, at most one of each line, none whose line has an earlier one
/// waiting. `lease` must be new: it fences what the holder writes later.
pub(super) async fn claim(
    db: &Db,
    lease: &str,
    lease_for: Duration,
    limit: usize,
) -> Result<Vec<Claimed>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = fetch_all!(
        db.write(),
        ClaimedRow,
        CLAIM,
        lease,
        millis(lease_for),
        limit
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            position: row.position,
            lease: lease.to_owned(),
            event_id: row.event_id,
            kind: row.kind,
            body: row.body,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            age: Duration::from_millis(u64::try_from(row.age_ms).unwrap_or(0)),
        })
        .collect())
}

/// The receiver accepted them; one statement for all.
pub(super) async fn settle_all(db: &Db, events: &[Claimed]) -> Result<(), DbError> {
    let positions: Vec<i64> = events.iter().map(|event| event.position).collect();
    let leases: BTreeSet<&str> = events.iter().map(|event| event.lease.as_str()).collect();
    let (positions, leases) = (json!(positions).to_string(), json!(leases).to_string());
    execute!(db.write(), SETTLE_ALL, &positions, &leases)?;
    Ok(())
}

/// Gives up on it, so that its line goes on.
pub(super) async fn bury(db: &Db, event: &Claimed) -> Result<(), DbError> {
    execute!(db.write(), BURY, event.position, &event.lease)?;
    Ok(())
}

/// Hands it back, due again after that time.
pub(super) async fn retry_later(db: &Db, event: &Claimed, after: Duration) -> Result<(), DbError> {
    execute!(
        db.write(),
        RETRY_LATER,
        event.position,
        &event.lease,
        millis(after)
    )?;
    Ok(())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
