//! The table `outbox_line`: which lines have something to deliver, and which worker has them.
//!
//! A worker leases lines and reads the first waiting events of each; its later writes hold only
//! while the lease is still its own. Time is the database's, so replicas agree on what is due and
//! which lease has run out.

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

const CLAIM: Sql = sql_now!(
    "WITH first AS (
         SELECT line_number FROM outbox_line WHERE urgent = TRUE AND due_at <= ",
    now,
    " ORDER BY due_at LIMIT $3",
    skip_locked,
    "), others AS (
         SELECT line_number FROM outbox_line WHERE urgent = FALSE AND due_at <= ",
    now,
    " ORDER BY due_at LIMIT $4",
    skip_locked,
    ")
     UPDATE outbox_line SET lease = $1, due_at = $2 + ",
    now,
    " WHERE line_number IN
          (SELECT line_number FROM first UNION ALL SELECT line_number FROM others)
     RETURNING line_number, version, urgent"
);

/// The first events of those lines; the cost does not depend on how many wait behind them.
const FIRST_EVENTS: Sql = sql_now!(
    "SELECT event.position, event.line_number, event.event_id, event.kind, event.body,
            event.attempts, ",
    now,
    " - event.enqueued_at AS age_ms ",
    // A range for PostgreSQL, so that only the index of what waits gives the planner the order: by the
    // primary key it would pass over everything that was ever delivered.
    (
        "FROM json_each($1) AS line CROSS JOIN outbox AS event
        WHERE event.position IN
                  (SELECT position FROM outbox
                    WHERE state = 'WAITING' AND line_number = line.value
                    ORDER BY position LIMIT $2)",
        "FROM json_array_elements_text(CAST($1 AS JSON)) AS line
        CROSS JOIN LATERAL
              (SELECT * FROM outbox
                WHERE state = 'WAITING'
                  AND line_number >= line.value AND line_number <= line.value
                ORDER BY line_number, position LIMIT $2) AS event"
    ),
    " ORDER BY event.position"
);

/// Gives lines back: due after a pause, or idle when the last event was dealt with and no other came
/// meanwhile. A worker that lost the lease changes nothing.
const RELEASE: Sql = sql_now!(
    (
        "UPDATE outbox_line
            SET lease = NULL,
                due_at = CASE WHEN value ->> 'emptied' AND version = value ->> 'version'
                              THEN NULL ELSE (value ->> 'pause_ms') + ",
        // Locked in the order in which `enqueue` touches them.
        "WITH given AS (
             SELECT * FROM json_to_recordset(CAST($1 AS JSON)) AS given
                 (line_number TEXT, lease TEXT, version BIGINT, emptied BOOLEAN, pause_ms BIGINT,
                  urgent BOOLEAN)
         ), held AS (
             SELECT outbox_line.line_number
               FROM outbox_line JOIN given USING (line_number)
              WHERE outbox_line.lease = given.lease
              ORDER BY outbox_line.line_number FOR UPDATE OF outbox_line
         )
         UPDATE outbox_line
            SET lease = NULL,
                due_at = CASE WHEN given.emptied AND outbox_line.version = given.version
                              THEN NULL ELSE given.pause_ms + "
    ),
    now,
    (
        " END,
                urgent = urgent AND (value ->> 'urgent' OR version <> value ->> 'version')
           FROM json_each($1)
          WHERE line_number = value ->> 'line_number' AND lease = value ->> 'lease'",
        " END,
                urgent = outbox_line.urgent
                         AND (given.urgent OR outbox_line.version <> given.version)
           FROM given
          WHERE outbox_line.line_number = given.line_number
            AND outbox_line.lease = given.lease
            AND outbox_line.line_number IN (SELECT line_number FROM held)"
    ),
    " RETURNING outbox_line.line_number, outbox_line.due_at"
);

const END: Sql = sql_now!(
    (
        "UPDATE outbox
            SET state = value ->> 'state', attempts = attempts + 1,
                settled_at = CASE WHEN value ->> 'state' = 'WAITING' THEN NULL ELSE ",
        "UPDATE outbox
            SET state = ended.state, attempts = attempts + 1,
                settled_at = CASE WHEN ended.state = 'WAITING' THEN NULL ELSE "
    ),
    now,
    (
        " END FROM json_each($1)
          WHERE position = value ->> 'position' AND outbox.state = 'WAITING'",
        " END FROM json_to_recordset(CAST($1 AS JSON)) AS ended (position BIGINT, state TEXT)
          WHERE outbox.position = ended.position AND outbox.state = 'WAITING'"
    )
);

/// The number of lines, and of events per line, that one claim takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub urgent_lines: usize,
    pub other_lines: usize,
    pub events_of_a_line: usize,
}

/// Leases lines that are due, those with the end of a plan change first, each class in the order in
/// which they became due. `lease` must be new: it fences later writes.
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
    // One more than is delivered shows whether there are more.
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

/// Records the results of those events and releases the lines, in one transaction. Returns whether
/// any line is due again.
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
