//! Counts of changes that need attention.

use super::lifecycle::open_states;
use crate::db::{Db, DbError, Sql, fetch_one, sql_now};
use std::time::Duration;

const ATTENTION: Sql = sql_now!(
    "SELECT COUNT(*) AS open,
            CAST(COALESCE(SUM(CASE state WHEN 'MANUAL' THEN 1 ELSE 0 END), 0) AS BIGINT) AS manual,
            CAST(COALESCE(MAX(",
    now,
    " - COALESCE(called_at, requested_at)), 0) AS BIGINT) AS oldest_ms,
            (SELECT COUNT(*) FROM product_change
              WHERE late_at IS NOT NULL AND late_at > ",
    now,
    " - 24 * 3600 * 1000) AS late
       FROM product_change WHERE state IN ",
    [open_states!()]
);

/// Changes that are not as they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// Without an end; a few for a few seconds are normal.
    pub open: u64,
    /// Waiting for a person: any is an alarm.
    pub manual: u64,
    /// Since the oldest open one may have been sent.
    pub oldest_open: Duration,
    /// Found within the last 24 hours to be applied by KOS after they had been told as not applied: any is
    /// an incident.
    pub late: u64,
}

/// Counts them.
///
/// # Errors
/// [`DbError`] of the read.
pub async fn attention(db: &Db) -> Result<Attention, DbError> {
    let (open, manual, oldest_ms, late) = fetch_one!(db.read(), (i64, i64, i64, i64), ATTENTION)?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Attention {
        open: count(open),
        manual: count(manual),
        oldest_open: Duration::from_millis(count(oldest_ms)),
        late: count(late),
    })
}
