//! Taking rows away that have said all they had to say, a batch at a time.

use crate::db::{Db, DbError, Sql, execute};

/// The oldest sessions that ran out before `$1`. The same in both statements of a batch, so that
/// no session loses its tokens and stays.
macro_rules! run_out {
    ($delete:literal) => {
        Sql::same(concat!(
            $delete,
            " WHERE session_id IN (SELECT session_id FROM auth_session WHERE expires_at < $1
               ORDER BY expires_at, session_id LIMIT $2)"
        ))
    };
}

const REFRESH_TOKENS: Sql = run_out!("DELETE FROM auth_refresh");
const SESSIONS: Sql = run_out!("DELETE FROM auth_session");

/// A lock that still stands is never taken away.
const ATTEMPTS: Sql = Sql::same(
    "DELETE FROM auth_attempt WHERE id_hash IN (
         SELECT id_hash FROM auth_attempt
          WHERE attempted_at < $1 AND (locked_until IS NULL OR locked_until < $1)
          ORDER BY attempted_at LIMIT $2)",
);

/// Removes at most `limit` sessions that ran out before that instant, with their refresh tokens;
/// gives how many.
pub(super) async fn sessions(db: &Db, before_ms: i64, limit: i64) -> Result<u64, DbError> {
    let mut tx = db.begin_write().await?;
    execute!(tx.target(), REFRESH_TOKENS, before_ms, limit)?;
    let removed = execute!(tx.target(), SESSIONS, before_ms, limit)?;
    tx.commit().await?;
    Ok(removed)
}

/// Removes at most `limit` counts of attempts that nobody has touched since that instant; gives
/// how many.
pub(super) async fn attempts(db: &Db, before_ms: i64, limit: i64) -> Result<u64, DbError> {
    execute!(db.write(), ATTEMPTS, before_ms, limit)
}
