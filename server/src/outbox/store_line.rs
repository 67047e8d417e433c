//! The table `outbox_line`: which lines have something to deliver, and who is at it.
//!
//! A worker takes lines by a lease and reads the first waiting events of each; what it writes later
//! holds only while the lease is still its own. Time is the database's: replicas agree on what is due
//! and whose lease has run out.

use super::run::{Run, Waiting};
use crate::{
    clock::millis,
    db::{Db, DbError, Sql, execute, fetch_all, sql_now},
};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

macro_rules! claim {
    ($first:literal, $others:literal) => {
        sql_now!(
            "WITH first AS (
                 SELECT line_number FROM outbox_line WHERE urgent = TRUE AND due_at <= ",
            now,
            $first,
            now,
            $others,
            now,
            " WHERE line_number IN
                  (SELECT line_number FROM first UNION ALL SELECT line_number FROM others)
             RETURNING line_number, version, urgent"
        )
    };
}

// PostgreSQL passes over lines another replica is taking this moment; SQLite has one writer.
const CLAIM: Sql = Sql {
    sqlite: claim!(
        " ORDER BY due_at LIMIT $3), others AS (
              SELECT line_number FROM outbox_line WHERE urgent = FALSE AND due_at <= ",
        " ORDER BY due_at LIMIT $4)
         UPDATE outbox_line SET lease = $1, due_at = $2 + "
    )
    .sqlite,
    postgres: claim!(
        " ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED), others AS (
              SELECT line_number FROM outbox_line WHERE urgent = FALSE AND due_at <= ",
        " ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
         UPDATE outbox_line SET lease = $1, due_at = $2 + "
    )
    .postgres,
};

/// The first events of those lines; the cost is theirs, however many wait behind them.
const FIRST_EVENTS: Sql = Sql {
    sqlite: "SELECT event.position, event.line_number, event.event_id, event.kind, event.body,
                    event.attempts,
                    CAST(unixepoch('subsec') * 1000 AS INTEGER) - event.enqueued_at AS age_ms
               FROM json_each($1) AS line CROSS JOIN outbox AS event
              WHERE event.position IN
                        (SELECT position FROM outbox
                          WHERE state = 'WAITING' AND line_number = line.value
                          ORDER BY position LIMIT $2)
              ORDER BY event.position",
    // A range, so that the planner has nothing but the index of what waits to have the order from:
    // by the primary key it would pass over all that was ever delivered.
    postgres: "SELECT event.position, event.line_number, event.event_id, event.kind, event.body,
                      event.attempts,
                      CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
                          - event.enqueued_at AS age_ms
                 FROM json_array_elements_text(CAST($1 AS JSON)) AS line
                CROSS JOIN LATERAL
                      (SELECT * FROM outbox
                        WHERE state = 'WAITING'
                          AND line_number >= line.value AND line_number <= line.value
                        ORDER BY line_number, position LIMIT $2) AS event
                ORDER BY event.position",
};

/// Gives lines back: due after a pause, or idle where the last event was dealt with and no other
/// came meanwhile. Whoever lost the lease changes nothing.
const RELEASE: Sql = Sql {
    sqlite: "UPDATE outbox_line
                SET lease = NULL,
                    due_at = CASE WHEN value ->> 'emptied' AND version = value ->> 'version'
                                  THEN NULL
                                  ELSE CAST(unixepoch('subsec') * 1000 AS INTEGER)
                                       + (value ->> 'pause_ms') END,
                    urgent = urgent AND (value ->> 'urgent' OR version <> value ->> 'version')
               FROM json_each($1)
              WHERE line_number = value ->> 'line_number' AND lease = value ->> 'lease'
          RETURNING line_number, due_at",
    // Locked in the order in which those who enqueue touch them.
    postgres: "WITH given AS (
                   SELECT * FROM json_to_recordset(CAST($1 AS JSON)) AS given
                       (line_number TEXT, lease TEXT, version BIGINT, emptied BOOLEAN,
                        pause_ms BIGINT, urgent BOOLEAN)
               ), held AS (
                   SELECT outbox_line.line_number
                     FROM outbox_line JOIN given USING (line_number)
                    WHERE outbox_line.lease = given.lease
                    ORDER BY outbox_line.line_number FOR UPDATE OF outbox_line
               )
               UPDATE outbox_line
                  SET lease = NULL,
                      due_at = CASE WHEN given.emptied AND outbox_line.version = given.version
                                    THEN NULL
                                    ELSE CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
                                         + given.pause_ms END,
                      urgent = outbox_line.urgent
                               AND (given.urgent OR outbox_line.version <> given.version)
                 FROM given
                WHERE outbox_line.line_number = given.line_number
                  AND outbox_line.lease = given.lease
                  AND outbox_line.line_number IN (SELECT line_number FROM held)
            RETURNING outbox_line.line_number, outbox_line.due_at",
};

const END: Sql = Sql {
    sqlite: "UPDATE outbox
                SET state = value ->> 'state', attempts = attempts + 1,
                    settled_at = CASE WHEN value ->> 'state' = 'WAITING' THEN NULL
                                      ELSE CAST(unixepoch('subsec') * 1000 AS INTEGER) END
               FROM json_each($1)
              WHERE position = value ->> 'position' AND outbox.state = 'WAITING'",
    postgres: "UPDATE outbox
                  SET state = ended.state, attempts = attempts + 1,
                      settled_at = CASE WHEN ended.state = 'WAITING' THEN NULL
                                        ELSE CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000
                                                  AS BIGINT) END
                 FROM json_to_recordset(CAST($1 AS JSON)) AS ended (position BIGINT, state TEXT)
                WHERE outbox.position = ended.position AND outbox.state = 'WAITING'",
};

/// How many lines, and how much of each, one claim takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub urgent_lines: usize,
    pub other_lines: usize,
    pub events_of_a_line: usize,
}

/// Takes lines that are due, those with the end of a plan change first, each class in the order in
/// which they became due. `lease` must be new: it fences what the holder writes later.
pub(super) async fn claim(
    db: &Db,
    lease: &str,
    lease_for: Duration,
    share: Share,
) -> Result<Vec<Run>, DbError> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let lines = fetch_all!(
        db.write(),
        (String, i64, bool),
        CLAIM,
        lease,
        millis(lease_for),
        number(share.urgent_lines),
        number(share.other_lines),
    )?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = lines.iter().map(|(line, ..)| line.as_str()).collect();
    let names = json!(names).to_string();
    // One more than is delivered tells whether there are more.
    let limit = number(share.events_of_a_line + 1);
    let mut events: HashMap<String, Vec<Waiting>> = HashMap::new();
    for event in fetch_all!(db.read(), Waiting, FIRST_EVENTS, &names, limit)? {
        match events.get_mut(&event.line_number) {
            Some(line) => line.push(event),
            None => drop(events.insert(event.line_number.clone(), vec![event])),
        }
    }
    let runs = lines.into_iter().map(|(line_number, version, urgent)| {
        let mut events = events.remove(&line_number).unwrap_or_default();
        let more = events.len() > share.events_of_a_line;
        events.truncate(share.events_of_a_line);
        Run::new(line_number, lease, version, urgent, events, more)
    });
    Ok(runs.collect())
}

/// Records what became of those events and gives the lines back, in one transaction. Tells whether
/// any of the lines is due again at once.
pub(super) async fn settle(db: &Db, runs: &[Run]) -> Result<bool, DbError> {
    let given: Vec<_> = runs.iter().map(Run::given_back).collect();
    let given = serde_json::to_string(&given)?;
    let mut tx = db.begin_write().await?;
    let released = fetch_all!(tx.target(), (String, Option<i64>), RELEASE, &given)?;
    let ours: HashSet<&str> = released.iter().map(|(line, _)| line.as_str()).collect();
    let held = |run: &&Run| ours.contains(run.line());
    let ended: Vec<_> = runs.iter().filter(held).flat_map(Run::ended).collect();
    let ended = serde_json::to_string(&ended)?;
    execute!(tx.target(), END, &ended)?;
    tx.commit().await?;
    Ok(released.iter().any(|(_, due)| due.is_some()))
}
