//! Bringing the schema up to date, and telling whether it is.

use super::{Db, DbError, NOW_MS, Sql, fetch_all, fetch_one};
use sqlx::{
    Connection, PgConnection, PgPool,
    migrate::{MigrateError, Migrator},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// The advisory lock of the one job that migrates.
const JOB: i64 = i64::from_be_bytes(*b"phonebil");
/// How often, and how many times, the lock is asked for: half a minute in all.
const JOB_PAUSE: Duration = Duration::from_millis(500);
const JOB_TRIES: u32 = 60;
/// A migration that waits for a table keeps everybody behind it waiting, so it gives up early and
/// comes again.
const LOCK_TIMEOUT: &str = "2s";
const LOCK_TRIES: u32 = 5;
const LOCK_PAUSE: Duration = Duration::from_secs(1);
/// One statement of a migration.
const STATEMENT_TIMEOUT: &str = "300s";

const APPLIED: Sql = Sql::same("SELECT version, checksum, success FROM _sqlx_migrations");
const HAS_TABLE: Sql = Sql {
    sqlite: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    postgres: "SELECT count(*) FROM pg_tables WHERE tablename = '_sqlx_migrations'
                   AND schemaname = ANY (current_schemas(false))",
};

/// Why the schema was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("another migration has been running for half a minute; try again when it has ended")]
    Busy,
    #[error(
        "a table was in use for longer than {LOCK_TIMEOUT}, {LOCK_TRIES} times; try again when less is going on"
    )]
    TableInUse(#[source] MigrateError),
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    #[error("a migration failed; the ones before it stay")]
    Failed(#[source] MigrateError),
}

/// How the schema stands to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Everything this program needs is there; there may be more, of a later release.
    Current,
    /// These versions are missing.
    Behind(BTreeSet<i64>),
    /// These were changed after they ran, or broke off.
    Different(BTreeSet<i64>),
}

impl std::fmt::Display for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (versions, what) = match self {
            Self::Current => return write!(f, "the schema is current"),
            Self::Behind(versions) => (
                versions,
                "is not current: run `phonebill migrate` first; missing",
            ),
            Self::Different(versions) => (versions, "is not this program's: different"),
        };
        let versions: Vec<_> = versions.iter().map(i64::to_string).collect();
        write!(
            f,
            "the schema of the database {what}: {}",
            versions.join(", ")
        )
    }
}

impl Db {
    /// Brings the schema up to date. On PostgreSQL one process does, under an advisory lock;
    /// others that come meanwhile wait for it and find nothing to do.
    ///
    /// # Errors
    /// [`MigrationError`]
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        match self {
            Self::Sqlite { write, .. } => {
                let done = SQLITE_MIGRATIONS.run(write).await;
                done.map_err(MigrationError::Failed)
            }
            Self::Postgres(pool, _) => migrate_postgres(pool).await,
        }
    }

    /// Compares the schema with what this program was built for.
    ///
    /// # Errors
    /// [`DbError::Unavailable`]: nobody knows.
    pub async fn schema(&self) -> Result<Schema, DbError> {
        let migrator = match self {
            Self::Sqlite { .. } => &SQLITE_MIGRATIONS,
            Self::Postgres(..) => &POSTGRES_MIGRATIONS,
        };
        let (tables,) = fetch_one!(self.read(), (i64,), HAS_TABLE)?;
        let applied = match tables {
            0 => Vec::new(),
            _ => fetch_all!(self.read(), (i64, Vec<u8>, bool), APPLIED)?,
        };
        let applied: BTreeMap<_, _> = applied
            .into_iter()
            .map(|(version, checksum, whole)| (version, (checksum, whole)))
            .collect();
        let (mut missing, mut different) = (BTreeSet::new(), BTreeSet::new());
        for wanted in migrator.iter() {
            match applied.get(&wanted.version) {
                None => missing.insert(wanted.version),
                Some((sum, true)) if *sum == *wanted.checksum => continue,
                Some(_) => different.insert(wanted.version),
            };
        }
        Ok(match (missing.is_empty(), different.is_empty()) {
            (_, false) => Schema::Different(different),
            (false, true) => Schema::Behind(missing),
            (true, true) => Schema::Current,
        })
    }

    /// Whether the database answers, for readiness.
    pub async fn answers(&self) -> bool {
        fetch_one!(self.read(), (i64,), NOW_MS).is_ok()
    }
}

async fn migrate_postgres(pool: &PgPool) -> Result<(), MigrationError> {
    // Later options win: the limits of serving are not those of a migration.
    let options = pool.connect_options().as_ref().clone().options([
        ("lock_timeout", LOCK_TIMEOUT),
        ("statement_timeout", STATEMENT_TIMEOUT),
    ]);
    let connected = PgConnection::connect_with(&options).await;
    let mut connection = connected.map_err(MigrationError::Unreachable)?;
    hold_job(&mut connection).await?;
    let done = run_patiently(&mut connection).await;
    // The lock ends with the connection.
    let _ = connection.close().await;
    done
}

async fn hold_job(connection: &mut PgConnection) -> Result<(), MigrationError> {
    for _ in 0..JOB_TRIES {
        let held: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(JOB)
            .fetch_one(&mut *connection)
            .await
            .map_err(MigrationError::Unreachable)?;
        if held {
            return Ok(());
        }
        tokio::time::sleep(JOB_PAUSE).await;
    }
    Err(MigrationError::Busy)
}

async fn run_patiently(connection: &mut PgConnection) -> Result<(), MigrationError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match POSTGRES_MIGRATIONS
            .run_direct(None, connection, false)
            .await
        {
            Ok(()) => return Ok(()),
            Err(error) if !waited_for_a_table(&error) => return Err(MigrationError::Failed(error)),
            Err(error) if tries == LOCK_TRIES => return Err(MigrationError::TableInUse(error)),
            Err(_) => {
                tracing::warn!(tries, "a table is in use; the migration comes again");
                tokio::time::sleep(LOCK_PAUSE).await;
            }
        }
    }
}

/// PostgreSQL's `lock_not_available`.
fn waited_for_a_table(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else {
        return false;
    };
    let code = cause.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "55P03")
}
