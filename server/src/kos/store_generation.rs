//! The table `line_generation`: which cached values about a line's current plan are still valid.
//!
//! A generation is part of the key of every cached value that shows the current plan, and is raised
//! in the transaction that ends a change. A reader after that commit sees the new number and finds
//! no older entry, whatever the cache did or failed to do meanwhile; a load that began before it is
//! stored under the old number, which nobody reads any more.
//!
//! A number read while no change of the line is open is trusted for [`BELIEVED`] without another
//! read. A change is open (its intent committed) for at least that long before it ends, so when it
//! ends nobody trusts a number from before it (`docs/adr/0012`). The numbers of frequently used
//! lines are read ahead in the background, many with one statement, so that no request waits for
//! them.

use crate::{
    cache::BriefCache,
    clock::Clock,
    db::{Db, DbError, Sql, Tx, execute, fetch_all, fetch_one, fetch_optional},
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

/// How long a generation is trusted after it was read, and the least time between the commits of a
/// change's intent and of its end.
pub const BELIEVED: Duration = Duration::from_millis(100);

/// A number older than this is read again.
const AGEING: Duration = Duration::from_millis(50);

/// Numbers that age within this are read with one statement.
const GATHER: Duration = Duration::from_millis(10);

/// Beyond it the least useful are evicted, and read again.
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
     ON CONFLICT (line_number) DO UPDATE SET changing = 1
     RETURNING generation",
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
    /// Lines whose numbers are to be read again. The first one starts the task.
    ageing: Arc<Mutex<Vec<LineNumber>>>,
    clock: Clock,
    tasks: Tasks,
}

struct Believed {
    generation: i64,
    /// On the monotonic clock, from before the read: the number may be as old as that.
    read_at: Duration,
    /// A read ahead has been requested.
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
        let (generation, changing) = Self::told(&self.db, line).await?;
        self.believe(read_at, line.clone(), generation, changing);
        Ok(generation)
    }

    async fn told(db: &Db, line: &LineNumber) -> Result<(i64, i64), DbError> {
        let row = fetch_optional!(db.read(), (i64, i64), CURRENT, line.as_str())?;
        Ok(row.unwrap_or_default())
    }

    /// The generation of the line at this moment; none is trusted from before.
    ///
    /// # Errors
    /// [`DbError`] of the read.
    pub async fn now(db: &Db, line: &LineNumber) -> Result<i64, DbError> {
        let (generation, _) = Self::told(db, line).await?;
        Ok(generation)
    }

    /// Requests a read ahead of the number, together with others that age meanwhile.
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
        // A line that aged again meanwhile is listed twice.
        for line in lines {
            let told = told.get(line.as_str()).copied();
            let (generation, changing) = told.unwrap_or_default();
            self.believe(read_at, line, generation, changing);
        }
        Ok(())
    }

    /// Keeps what was read while no change is open; no row means generation 0.
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

    /// From the commit of `tx` on, the generation is not trusted for any time. Belongs in the
    /// transaction that begins a change. The generation it returns stays until that change ends, or
    /// until its line is found to be on another plan.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn hold(tx: &mut Tx, line: &LineNumber) -> Result<i64, DbError> {
        let (generation,) = fetch_one!(tx.target(), (i64,), HOLD, line.as_str())?;
        Ok(generation)
    }

    /// Undoes [`LineGenerations::hold`] when `tx` commits. Belongs in the transaction that ends the
    /// change and nowhere else: a line has at most one open change.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn release(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), RELEASE, line.as_str())?;
        Ok(())
    }

    /// Raises the generation when `tx` commits. Belongs in the transaction that records how a
    /// change ended, after KOS has said so, and at least [`BELIEVED`] after the commit of `hold`.
    /// An open change stays announced. Also for a plan that KOS was found to show without a change of
    /// ours; until [`BELIEVED`] is over, the one from before may then still be shown.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn raise(tx: &mut Tx, line: &LineNumber) -> Result<(), DbError> {
        execute!(tx.target(), RAISE, line.as_str())?;
        Ok(())
    }
}
