//! Write transactions.

use super::{Db, DbError, Patience, Target};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

/// An open write transaction; dropped without [`Tx::commit`] it rolls back.
///
/// Open it only inside a task that is not dropped half-way (see [`crate::tasks`]), and never hold
/// it over a network call or a hash.
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
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool, patience) => {
                Tx::Postgres(patience.wait(pool.begin()).await?, *patience)
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
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx, patience) => patience.wait(tx.commit()).await?,
        }
        Ok(())
    }
}
