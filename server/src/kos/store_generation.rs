//! The table `line_generation`: which entries about a line's current plan may still be believed.
//!
//! A generation is part of the key of every cached value that shows the current plan, and it is
//! raised in the transaction that ends a change. Whoever reads after that commit finds the new
//! number and with it no older entry, whatever the cache did or failed to do meanwhile; a load that
//! began before it lands under the old number, where nobody looks any more.
//!
//! A number read while no change of the line is open is believed for [`BELIEVED`] without another
//! read. A change is open, by its intent's commit, for at least as long before it ends, so when it
//! ends nobody believes a number from before it (`docs/adr/0012`). Of lines that are asked for again
//! and again the numbers are read ahead of time, beside those who ask, so that none of them waits,
//! and many with one statement.

use crate::{
    cache::BriefCache,
    clock::Clock,
    db::{Db, DbError, Sql, Tx, execute, fetch_all, fetch_optional},
    error::Chain,
    tasks::Tasks,
};
use app::model::LineNumber;
use std::{
    collections::HashMap,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a generation is believed after it was read, and the least time between the commit of a
/// change's intent and that of its end.
pub const BELIEVED: Duration = Duration::from_millis(100);

/// Whoever finds a number that was read so long ago has it read again.
const AGEING: Duration = Duration::from_millis(50);

/// What ages within this is read with one statement.
const GATHER: Duration = Duration::from_millis(10);

/// Beyond it the least useful leave; they are read again.
const MOST: usize = 10_000;

const CURRENT: Sql =
    Sql::same("SELECT generation, changing FROM line_generation WHERE line_number = $1");
const CURRENT_OF_ALL: Sql = Sql {
    sqlite: "SELECT line_number, generation, changing FROM line_generation
              WHERE line_number IN (SELECT value FROM json_each($1))",
    postgres: "SELECT line_number, generation, changing FROM line_generation
                WHERE line_number IN (SELECT json_array_elements_text(CAST($1 AS JSON)))",
};
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
    recent: BriefCache<LineNumber, Arc<Believed>>,
    /// Whose numbers are about to be read again. The first one starts the task that does it.
    ageing: Arc<Mutex<Vec<LineNumber>>>,
    clock: Clock,
    tasks: Tasks,
}

struct Believed {
    generation: i64,
    /// On the monotonic clock, before it was read: what was read may be as old as that.
    read_at: Duration,
    /// Somebody has had it read again.
    renewed: AtomicBool,
}

impl LineGenerations {
    pub fn new(db: Db, clock: Clock, tasks: Tasks) -> Self {
        Self {
            db,
            recent: BriefCache::new(MOST, clock.clone()),
            ageing: Arc::default(),
            clock,
            tasks,
        }
    }

    /// The generation of the line now; 0 before its first change.
    ///
    /// # Errors
    /// [`DbError`]: then nothing cached about the line's plan can be believed.
    pub async fn current(&self, line: &LineNumber) -> Result<i64, DbError> {
        let Some(believed) = self.recent.find(line) else {
            return Box::pin(self.read(line)).await;
        };
        let ageing = self.recent.now() >= believed.read_at + AGEING;
        if ageing && !believed.renewed.swap(true, Ordering::Relaxed) {
            self.read_ahead(line.clone());
        }
        Ok(believed.generation)
    }

    /// Asks the database.
    async fn read(&self, line: &LineNumber) -> Result<i64, DbError> {
        let read_at = self.recent.now();
        let row = fetch_optional!(self.db.read(), (i64, i64), CURRENT, line.as_str())?;
        let (generation, changing) = row.unwrap_or_default();
        self.believe(read_at, line.clone(), generation, changing);
        Ok(generation)
    }

    /// Has the number read in a moment, with those of the others that age meanwhile.
    fn read_ahead(&self, line: LineNumber) {
        let mut ageing = self.ageing();
        ageing.push(line);
        if ageing.len() > 1 {
            return;
        }
        let generations = self.clone();
        self.tasks.start(async move {
            generations.clock.sleep(GATHER).await;
            let lines = mem::take(&mut *generations.ageing());
            if let Err(error) = generations.read_all(lines).await {
                tracing::debug!(error = %Chain(&error), "generations could not be read ahead of time");
            }
        });
    }

    async fn read_all(&self, lines: Vec<LineNumber>) -> Result<(), DbError> {
        let asked = serde_json::to_string(&lines)?;
        let read_at = self.recent.now();
        let rows = fetch_all!(self.db.read(), (String, i64, i64), CURRENT_OF_ALL, &asked)?;
        let rows = rows
            .into_iter()
            .map(|(line, generation, changing)| (line, (generation, changing)));
        let told: HashMap<String, (i64, i64)> = rows.collect();
        // A line that aged again meanwhile is among them twice.
        for line in lines {
            let told = told.get(line.as_str()).copied();
            let (generation, changing) = told.unwrap_or_default();
            self.believe(read_at, line, generation, changing);
        }
        Ok(())
    }

    /// Believes what the database told while no change is open; no row is generation 0.
    fn believe(&self, read_at: Duration, line: LineNumber, generation: i64, changing: i64) {
        if changing != 0 {
            return;
        }
        let believed = Believed {
            generation,
            read_at,
            renewed: AtomicBool::new(false),
        };
        self.recent
            .keep_from(read_at, line, Arc::new(believed), BELIEVED);
    }

    fn ageing(&self) -> MutexGuard<'_, Vec<LineNumber>> {
        self.ageing.lock().unwrap_or_else(PoisonError::into_inner)
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
