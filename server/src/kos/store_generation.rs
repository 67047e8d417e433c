//! The table `line_generation`: which entries about a line's current plan may still be believed.
//!
//! A generation is part of the key of every cached value that shows the current plan, and it is
//! raised in the transaction that ends a change. Whoever reads after that commit finds the new
//! number and with it no older entry, whatever the cache did or failed to do meanwhile; a load that
//! began before it lands under the old number, where nobody looks any more.
//!
//! A number read while no change of the line is open is believed for [`BELIEVED`] without another
//! read. A change is open, by its intent's commit, for at least as long before it ends, so when it
//! ends nobody believes a number from before it (`docs/adr/0012`).

use crate::{
    cache::BriefCache,
    clock::Clock,
    db::{Db, DbError, Sql, Tx, execute, fetch_optional},
};
use app::model::LineNumber;
use std::time::Duration;

/// How long a generation is believed after it was read, and the least time between the commit of a
/// change's intent and that of its end.
pub const BELIEVED: Duration = Duration::from_millis(100);

/// Beyond it the least useful leave; they are read again.
const MOST: u64 = 10_000;

const CURRENT: Sql =
    Sql::same("SELECT generation, changing FROM line_generation WHERE line_number = $1");
const HOLD: Sql = Sql::same(
    "INSERT INTO line_generation (line_number, generation, changing) VALUES ($1, 0, 1)
     ON CONFLICT (line_number) DO UPDATE SET changing = 1",
);
const RELEASE: Sql = Sql::same("UPDATE line_generation SET changing = 0 WHERE line_number = $1");
const RAISE: Sql = Sql::same(
    "INSERT INTO line_generation (line_number, generation, changing) VALUES ($1, 1, 0)
     ON CONFLICT (line_number) DO UPDATE SET generation = line_generation.generation + 1",
);

/// The generations of lines, in the database of product changes.
#[derive(Clone)]
pub struct LineGenerations {
    db: Db,
    recent: BriefCache<LineNumber, i64>,
    clock: Clock,
}

impl LineGenerations {
    pub fn new(db: Db, clock: Clock) -> Self {
        let recent = BriefCache::new(MOST, BELIEVED, clock.clone());
        Self { db, recent, clock }
    }

    /// The generation of the line now; 0 before its first change.
    ///
    /// # Errors
    /// [`DbError`]: then nothing cached about the line's plan can be believed.
    pub async fn current(&self, line: &LineNumber) -> Result<i64, DbError> {
        if let Some(generation) = self.recent.find(line) {
            return Ok(generation);
        }
        // Taken before the read: what is read may be as old as that.
        let now = self.clock.monotonic();
        let row = fetch_optional!(self.db.read(), (i64, i64), CURRENT, line.as_str())?;
        let (generation, changing) = row.unwrap_or_default();
        if changing == 0 {
            self.recent.keep(line.clone(), generation, now + BELIEVED);
        }
        Ok(generation)
    }

    /// From the commit of `tx` on nobody believes the generation for any time: in the transaction
    /// that begins a change.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn hold(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), HOLD, line.as_str())?;
        Ok(())
    }

    /// Takes [`LineGenerations::hold`] back when `tx` commits: in the transaction that ends the
    /// change, and by nobody else, for a line has one open change at most.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn release(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), RELEASE, line.as_str())?;
        Ok(())
    }

    /// Raises the generation when `tx` commits: in the transaction that tells how a change ended,
    /// after KOS has said so, and no sooner than [`BELIEVED`] after the commit of `hold`. A change
    /// that is open stays announced.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn raise(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), RAISE, line.as_str())?;
        Ok(())
    }
}
