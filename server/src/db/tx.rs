//! Write transactions.

use super::{Db, DbError, Patience, Target};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

/// An open write transaction; dropped without [`Tx::commit`] it rolls back.
///
/// Open it only inside a task that is not cancelled (see [`crate::tasks`]), and never hold it over
/// a network call or a password hash.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>, Patience),
}

impl Db {
    /// Opens a write transaction: `BEGIN IMMEDIATE` on SQLite, so that two writers queue instead
    /// of failing when the second one upgrades its lock.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when no connection can be had in time.
    pub async fn begin_write(&self) -> Result<Tx, DbError> {
        // Boxed, as in `commit`: sqlx's futures are eight kilobytes, which every caller would
        // otherwise hold and move.
        Ok(match self {
            Self::Sqlite { write, .. } => {
                Tx::Sqlite(Box::pin(write.begin_with("BEGIN IMMEDIATE")).await?)
            }
            Self::Postgres(pool, patience) => {
                Tx::Postgres(patience.wait(Box::pin(pool.begin())).await?, *patience)
            }
        })
    }
}

impl Tx {
    /// Where statements of this transaction run.
    pub fn target(&mut self) -> Target<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(tx) => Target::Sqlite(&mut **tx),
            Self::Postgres(tx, patience) => Target::Postgres(&mut **tx, *patience),
        }
    }

    /// # Errors
    /// [`DbError::Unavailable`]: whether it was committed is unknown; read it back by id.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => Box::pin(tx.commit()).await?,
            Self::Postgres(tx, patience) => patience.wait(Box::pin(tx.commit())).await?,
        }
        Ok(())
    }
}
