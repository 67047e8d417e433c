//! The state of the outbox, and the replay of dead events.

use super::store::touch_all;
use crate::db::{Db, DbError, Sql, fetch_all, fetch_one, sql_now};
use std::time::Duration;

/// Rows of one list, and events replayed by one transaction.
const ROWS: i64 = 500;
/// The highest count.
const MOST: i64 = 100_000;
/// Events that are looked at for the age and the attempts.
const OLDEST: i64 = 1_000;

/// Every scrape of every replica asks this, also in an outage that leaves millions waiting: counts
/// end at `$1`, and the other two figures are of the oldest `$2`.
const LAG: Sql = sql_now!(
    "SELECT (SELECT COUNT(*)
               FROM (SELECT 1 FROM outbox WHERE state = 'WAITING' LIMIT $1) AS counted) AS waiting,
            CAST(COALESCE(MAX(",
    now,
    " - enqueued_at), 0) AS BIGINT) AS oldest_ms,
            CAST(COALESCE(MAX(attempts), 0) AS BIGINT) AS most_attempts,
            (SELECT COUNT(*)
               FROM (SELECT 1 FROM outbox WHERE state = 'DEAD' LIMIT $1) AS counted) AS dead
       FROM (SELECT enqueued_at, attempts FROM outbox WHERE state = 'WAITING'
              ORDER BY enqueued_at LIMIT $2) AS oldest"
);
const DEAD: Sql = Sql::same(
    "SELECT event_id, kind, line_number, attempts, enqueued_at, settled_at
       FROM outbox WHERE state = 'DEAD' ORDER BY position LIMIT $1",
);
/// At most `$2`. Their two days begin anew; the body, with its `occurredAt`, stays.
const REPLAY: Sql = sql_now!(
    "UPDATE outbox
        SET state = 'WAITING', attempts = 0, settled_at = NULL, enqueued_at = ",
    now,
    " WHERE state = 'DEAD' AND position IN
                (SELECT position FROM outbox
                  WHERE state = 'DEAD' AND ($1 = '*' OR event_id = $1) ORDER BY position LIMIT $2)
     RETURNING line_number, kind = 'PRODUCT_CHANGE'"
);

/// How far delivery is behind. Counts end at 100,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Events not accepted yet.
    pub waiting: u64,
    /// Age of the oldest of them; raise an alarm at a minute.
    pub oldest_age: Duration,
    /// Of the one that was tried most often, among the oldest thousand.
    pub most_attempts: u64,
    /// Dead, waiting for an operator.
    pub dead: u64,
}

impl Lag {
    /// The sum over several databases.
    pub fn and(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            oldest_age: self.oldest_age.max(other.oldest_age),
            most_attempts: self.most_attempts.max(other.most_attempts),
            dead: self.dead + other.dead,
        }
    }
}

/// How far the outbox of that database is behind; the cost has a bound, whatever waits.
///
/// # Errors
/// [`DbError`] of the read.
pub async fn lag(db: &Db) -> Result<Lag, DbError> {
    let (waiting, oldest_ms, most_attempts, dead) =
        fetch_one!(db.read(), (i64, i64, i64, i64), LAG, MOST, OLDEST)?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Lag {
        waiting: count(waiting),
        oldest_age: Duration::from_millis(count(oldest_ms)),
        most_attempts: count(most_attempts),
        dead: count(dead),
    })
}

/// A dead event. Instants are epoch milliseconds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeadEvent {
    pub event_id: String,
    pub kind: String,
    pub line_number: String,
    pub attempts: i64,
    pub enqueued_at: i64,
    /// When it was given up.
    pub settled_at: i64,
}

/// At most 500 dead events, in the order they were recorded.
///
/// # Errors
/// [`DbError`] of the read.
pub async fn dead_events(db: &Db) -> Result<Vec<DeadEvent>, DbError> {
    fetch_all!(db.read(), DeadEvent, DEAD, ROWS)
}

/// Queues a dead event again, ahead of whatever waits on its line; without an id, all of them, 500
/// per transaction. Returns how many. Events of the line that were delivered meanwhile stay
/// delivered: the receiver sees by `occurredAt` that this one is older.
///
/// # Errors
/// [`DbError`] of a statement; what was replayed until then stays so.
pub async fn replay_dead(db: &Db, event_id: Option<&str>) -> Result<u64, DbError> {
    let mut replayed = 0;
    loop {
        let batch = replay_some(db, event_id.unwrap_or("*")).await?;
        if batch == 0 {
            return Ok(replayed);
        }
        replayed += batch;
    }
}

async fn replay_some(db: &Db, which: &str) -> Result<u64, DbError> {
    let mut tx = db.begin_write().await?;
    let lines = fetch_all!(tx.target(), (String, bool), REPLAY, which, ROWS)?;
    touch_all(
        &mut tx,
        lines.iter().map(|(line, urgent)| (line.as_str(), *urgent)),
    )
    .await?;
    tx.commit().await?;
    Ok(lines.len() as u64)
}
