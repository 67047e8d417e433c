//! Changes without an end: taking them over, one replica at a time.

use super::ports::Taken;
use crate::{
    clock::millis,
    db::{Db, DbError, Sql, fetch_all, sql_now},
};
use app::model::RequestId;
use std::time::Duration;

/// A call without an owner becomes `UNKNOWN` here: its answer is lost.
const TAKE: Sql = sql_now!(
    "WITH due AS (
         SELECT request_id FROM product_change
          WHERE state IN ('INTENT', 'CALLING', 'UNKNOWN') AND owned_until <= ",
    now,
    " AND next_question_at <= ",
    now,
    " ORDER BY next_question_at LIMIT $3",
    skip_locked,
    ")
     UPDATE product_change
        SET state = CASE state WHEN 'CALLING' THEN 'UNKNOWN' ELSE state END,
            owner = $1, questions = questions + 1, owned_until = $2 + ",
    now,
    " WHERE request_id IN (SELECT request_id FROM due)
     RETURNING request_id, questions, ",
    now,
    " - COALESCE(called_at, requested_at) AS open_for_ms, accepted_at IS NOT NULL AS accepted"
);

/// Takes at most `limit` changes that are due. `owner` must be new.
///
/// # Errors
/// [`DbError`] of the statement.
pub async fn take(
    db: &Db,
    owner: &str,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Taken>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = fetch_all!(
        db.write(),
        (String, i64, i64, bool),
        TAKE,
        owner,
        millis(lease),
        limit
    )?;
    Ok(rows
        .into_iter()
        .map(|(request_id, questions, open_for_ms, accepted)| Taken {
            request_id: RequestId(request_id),
            owner: owner.to_owned(),
            questions: u32::try_from(questions).unwrap_or(u32::MAX),
            open_for: Duration::from_millis(u64::try_from(open_for_ms).unwrap_or(0)),
            accepted,
        })
        .collect())
}
