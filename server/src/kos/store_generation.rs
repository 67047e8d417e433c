//! The table `line_generation`: which entries about a line's current plan may still be believed.
//!
//! A generation is part of the key of every cached value that shows the current plan, and it is
//! raised in the transaction that ends a change. Whoever reads after that commit finds the new
//! number and with it no older entry, whatever the cache did or failed to do meanwhile; a load that
//! began before it lands under the old number, where nobody looks any more.

use crate::db::{Db, DbError, Sql, Tx, execute, fetch_optional};
use app::model::LineNumber;

const CURRENT: Sql = Sql::same("SELECT generation FROM line_generation WHERE line_number = $1");
const RAISE: Sql = Sql::same(
    "INSERT INTO line_generation (line_number, generation) VALUES ($1, 1)
     ON CONFLICT (line_number) DO UPDATE SET generation = line_generation.generation + 1",
);

/// The generations of lines, in the database of product changes.
#[derive(Clone, Debug)]
pub struct LineGenerations {
    db: Db,
}

impl LineGenerations {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// The generation of the line now; 0 before its first change.
    ///
    /// # Errors
    /// [`DbError`]: then nothing cached about the line's plan can be believed.
    pub async fn current(&self, line: &LineNumber) -> Result<i64, DbError> {
        let row = fetch_optional!(self.db.read(), (i64,), CURRENT, line.as_str())?;
        Ok(row.map_or(0, |(generation,)| generation))
    }

    /// Raises the generation when `tx` commits: in the transaction that tells how a change ended,
    /// and after KOS has said so.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn raise(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), RAISE, line.as_str())?;
        Ok(())
    }
}
