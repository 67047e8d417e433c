//! Taking away what was delivered long ago, a batch at a time.

use crate::db::{Db, DbError, Sql, execute};

/// The oldest events delivered before `$1`; the same in both statements of a batch.
macro_rules! delivered {
    ($first:literal, $last:literal) => {
        Sql::same(concat!(
            $first,
            " FROM outbox WHERE position IN
                 (SELECT position FROM outbox WHERE state = 'DELIVERED' AND settled_at < $1
                   ORDER BY settled_at, position LIMIT $2)",
            $last
        ))
    };
}

const REMEMBER: Sql = delivered!(
    "INSERT INTO outbox_delivered (event_id, delivered_at) SELECT event_id, settled_at",
    " ON CONFLICT DO NOTHING"
);
const FORGET: Sql = delivered!("DELETE", "");

/// Removes at most `limit` events delivered before that instant; that they were is still known.
/// Gives how many.
pub(super) async fn delivered(db: &Db, before_ms: i64, limit: i64) -> Result<u64, DbError> {
    let mut tx = db.begin_write().await?;
    execute!(tx.target(), REMEMBER, before_ms, limit)?;
    let removed = execute!(tx.target(), FORGET, before_ms, limit)?;
    tx.commit().await?;
    Ok(removed)
}
