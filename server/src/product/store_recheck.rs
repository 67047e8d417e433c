//! Changes reported as not applied while KOS might still apply what was sent.

use crate::{
    clock::millis,
    db::{Db, DbError, Sql, execute, fetch_all, fetch_one, sql_now},
    kos::LineGenerations,
};
use app::model::{LineNumber, RequestId};
use std::time::Duration;

/// The next time is set as they are taken, so that none is lost with a replica that dies.
const TAKE: Sql = sql_now!(
    "WITH due AS (
         SELECT request_id FROM product_change WHERE recheck_at <= ",
    now,
    " ORDER BY recheck_at LIMIT $2",
    skip_locked,
    ")
     UPDATE product_change SET recheck_at = $1 + ",
    now,
    " WHERE request_id IN (SELECT request_id FROM due)
     RETURNING request_id, ",
    now,
    " - COALESCE(called_at, requested_at) AS sent_ms_ago"
);
const CLEAR: Sql = Sql::same("UPDATE product_change SET recheck_at = NULL WHERE request_id = $1");
const APPLIED_LATE: Sql = sql_now!(
    "UPDATE product_change SET recheck_at = NULL, late_at = ",
    now,
    " WHERE request_id = $1 AND state = 'NOT_APPLIED' AND late_at IS NULL"
);
// By the database's clock: by the replicas' clocks the order of the two may be reversed.
const CHANGED_SINCE: Sql = Sql::same(
    "SELECT COUNT(*) FROM product_change AS later
      WHERE later.line_number = $1
        AND later.state IN ('CALLING', 'UNKNOWN', 'MANUAL', 'COMPLETED')
        AND later.called_at >= (SELECT called_at FROM product_change WHERE request_id = $2)
        AND later.request_id <> $2",
);

/// A change to ask about again.
#[derive(Clone, Debug)]
pub(super) struct Recheck {
    pub request_id: RequestId,
    /// Since the commit that allowed the send.
    pub sent_ago: Duration,
}

/// Takes at most `limit` changes that are due; they are due again after `pause`.
pub(super) async fn take(db: &Db, pause: Duration, limit: usize) -> Result<Vec<Recheck>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = fetch_all!(db.write(), (String, i64), TAKE, millis(pause), limit)?;
    Ok(rows
        .into_iter()
        .map(|(request_id, ms)| Recheck {
            request_id: RequestId(request_id),
            sent_ago: Duration::from_millis(u64::try_from(ms).unwrap_or(0)),
        })
        .collect())
}

/// Stops asking about that change.
pub(super) async fn clear(db: &Db, id: &RequestId) -> Result<(), DbError> {
    execute!(db.write(), CLEAR, &id.0)?;
    Ok(())
}

/// Records that KOS applied it after all; cached plans of the line are invalidated. `false`: already
/// recorded.
pub(super) async fn applied_late(
    db: &Db,
    line: &LineNumber,
    id: &RequestId,
) -> Result<bool, DbError> {
    let mut tx = db.begin_write().await?;
    if execute!(tx.target(), APPLIED_LATE, &id.0)? == 0 {
        return Ok(false);
    }
    LineGenerations::raise(&mut tx, line).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether a later change of the line was, or may have been, sent: the line's plan then says nothing
/// about this one.
pub(super) async fn changed_since(
    db: &Db,
    line: &LineNumber,
    id: &RequestId,
) -> Result<bool, DbError> {
    let (count,) = fetch_one!(db.read(), (i64,), CHANGED_SINCE, line.as_str(), &id.0)?;
    Ok(count > 0)
}
