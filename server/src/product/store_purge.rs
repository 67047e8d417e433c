//! Taking away answers that no retry asks for any more, a batch at a time.

use crate::db::{Db, DbError, Sql, execute};

/// The answer of a change without an end stays: its key must not begin another one.
const ANSWERS: Sql = Sql::same(
    "DELETE FROM product_answer WHERE (account_id, idempotency_key) IN (
         SELECT account_id, idempotency_key FROM product_answer AS answer
          WHERE created_at < $1
            AND NOT EXISTS (
                SELECT 1 FROM product_change
                 WHERE product_change.request_id = answer.request_id
                   AND product_change.state IN ('INTENT', 'CALLING', 'UNKNOWN', 'MANUAL'))
          ORDER BY created_at LIMIT $2)",
);

/// Removes at most `limit` answers older than that instant; gives how many.
pub(super) async fn answers(db: &Db, before_ms: i64, limit: i64) -> Result<u64, DbError> {
    execute!(db.write(), ANSWERS, before_ms, limit)
}
