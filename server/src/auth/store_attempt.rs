//! Table `auth_attempt`.

use super::{
    attempt_key::AttemptKey,
    lockout::{LockPolicy, Reservation},
};
use crate::{
    clock::millis,
    db::{Db, DbError, Sql, Tx, execute, fetch_one, sql_now},
};

/// The clock is read once, into `attempted_at`: on PostgreSQL it moves within a statement, and the
/// two CASEs must agree on whether a lock is over.
const RESERVE: Sql = sql_now!(
    "INSERT INTO auth_attempt (id_hash, failures, locked_until, attempted_at)
     VALUES ($1, 1, CASE WHEN $2 <= 1 THEN ",
    now,
    " + $3 END, ",
    now,
    ")
     ON CONFLICT (id_hash) DO UPDATE SET
         failures = CASE
             WHEN auth_attempt.locked_until <= excluded.attempted_at THEN 1
             ELSE auth_attempt.failures + 1
         END,
         locked_until = CASE
             WHEN auth_attempt.locked_until > excluded.attempted_at THEN auth_attempt.locked_until
             WHEN CASE WHEN auth_attempt.locked_until IS NULL THEN auth_attempt.failures ELSE 0 END
                  + 1 >= $2
             THEN excluded.attempted_at + $3
         END,
         attempted_at = excluded.attempted_at
     RETURNING failures, locked_until, ",
    now,
    " AS now_ms"
);

const EXCUSE: Sql = Sql::same("DELETE FROM auth_attempt WHERE id_hash = $1");

/// A success in a known browser ends the id's run of failures as well, but lifts no lock from others.
const RESET: Sql = sql_now!(
    "DELETE FROM auth_attempt WHERE id_hash = $1
         OR (id_hash = $2 AND (locked_until IS NULL OR locked_until <= ",
    now,
    "))"
);

/// The id's row and those of its known browsers, which begin with it.
const UNLOCK: Sql = Sql::same("DELETE FROM auth_attempt WHERE substr(id_hash, 1, 64) = $1");

#[derive(Clone)]
pub(super) struct AttemptStore(pub Db);

impl AttemptStore {
    /// Counts an attempt before it is evaluated.
    pub async fn reserve(
        &self,
        key: &AttemptKey,
        policy: &LockPolicy,
    ) -> Result<Reservation, DbError> {
        fetch_one!(
            self.0.write(),
            Reservation,
            RESERVE,
            key.to_string(),
            policy.lock_after,
            millis(policy.lock_for)
        )
    }

    /// Clears the count after a success that could not be completed, in a statement of its own.
    pub async fn excuse(&self, key: &AttemptKey) -> Result<(), DbError> {
        execute!(self.0.write(), EXCUSE, key.to_string()).map(|_| ())
    }

    /// Clears the count and the lock after a success.
    pub async fn reset(tx: &mut Tx, key: &AttemptKey) -> Result<(), DbError> {
        execute!(tx.target(), RESET, key.to_string(), key.id_hash()).map(|_| ())
    }

    /// Clears every count and lock of an id, for an operator.
    pub async fn unlock(tx: &mut Tx, id_hash: &str) -> Result<(), DbError> {
        execute!(tx.target(), UNLOCK, id_hash).map(|_| ())
    }
}
