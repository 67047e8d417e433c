//! Connecting, by the scheme of the URL.

use super::{DbError, Patience, Target};
use crate::config::DatabaseConfig;
use secrecy::ExposeSecret;
use sqlx::{
    Connection, Executor, PgConnection, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::OpenOptions, io, os::unix::fs::OpenOptionsExt, path::Path, str::FromStr, time::Duration,
};

/// A connection is tried when it is given back; one that was given back less than this ago is not
/// tried again before its next use, which saves a round trip.
const TRIED_FOR: Duration = Duration::from_secs(1);

/// A probe has nobody to wait for but the database itself, which may have to let it in first.
const PROBE_CONNECTS_IN: Duration = Duration::from_millis(600);

/// A pool of connections to one database.
#[derive(Clone, Debug)]
pub enum Db {
    /// One connection writes, so writers queue in the pool and not in SQLite's busy handler.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
    Postgres(PgPool, Patience),
}

/// Opens the database of that URL: `sqlite:<path>` or `postgres://…`.
///
/// PostgreSQL is not contacted yet: a server whose database is away starts, says so in its
/// readiness, and recovers by itself.
///
/// # Errors
/// [`DbError`] when the URL does not parse or the SQLite file cannot be opened.
pub async fn connect(config: &DatabaseConfig) -> Result<Db, DbError> {
    let url = config.url.expose_secret();
    if let Some(path) = url.strip_prefix("sqlite:") {
        open_sqlite(Path::new(path), config).await
    } else {
        open_postgres(url, config)
    }
}

/// One connection to the same database, for the question whether it answers: that it does must not depend
/// on how many customers are waiting for it. Nothing is contacted yet.
///
/// # Errors
/// [`DbError`] when the URL does not parse.
pub fn connect_probe(config: &DatabaseConfig) -> Result<Db, DbError> {
    let config = DatabaseConfig {
        max_connections: 1,
        acquire_timeout: config.acquire_timeout.max(PROBE_CONNECTS_IN),
        ..config.clone()
    };
    let url = config.url.expose_secret();
    let Some(path) = url.strip_prefix("sqlite:") else {
        return open_postgres(url, &config);
    };
    let (pool, options) = sqlite(Path::new(path), &config);
    let one = pool.max_connections(1).connect_lazy_with(options);
    Ok(Db::Sqlite {
        write: one.clone(),
        read: one,
    })
}

async fn open_sqlite(path: &Path, config: &DatabaseConfig) -> Result<Db, DbError> {
    make_private(path)?;
    let (pool, options) = sqlite(path, config);
    let write = pool
        .clone()
        .max_connections(1)
        .connect_with(options.clone())
        .await?;
    let read = pool
        .max_connections(config.max_connections)
        .connect_lazy_with(options);
    Ok(Db::Sqlite { write, read })
}

/// Makes the file, if it is not there, for its owner only; SQLite gives the files beside it the same mode.
/// One that exists is not opened: closing it would end SQLite's locks on it in this process.
fn make_private(path: &Path) -> Result<(), sqlx::Error> {
    let mut options = OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(sqlx::Error::Io(error)),
    }
}

fn sqlite(path: &Path, config: &DatabaseConfig) -> (SqlitePoolOptions, SqliteConnectOptions) {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: a commit survives power loss, which the change protocol stands on.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(config.statement_timeout)
        .foreign_keys(true);
    // Drops a transaction that a cancelled `begin` left open (docs/adr/0004): without it, later
    // writes on that connection answer Ok and are lost.
    // Writers queue for the one connection as they would for a lock, so they wait as long as a
    // statement may take; readers as long as the disk may stall.
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(config.statement_timeout)
        // A file does not hang up.
        .test_before_acquire(false)
        .after_release(|connection, _| {
            Box::pin(async move {
                // An error here is the normal case: there was no transaction to roll back.
                let _ = connection.execute("ROLLBACK").await;
                // After a failed disk SQLite has rolled back by itself while sqlx still counts a
                // transaction and would refuse every later one: such a connection is closed.
                Ok(!connection.is_in_transaction())
            })
        });
    (pool, options)
}

fn open_postgres(url: &str, config: &DatabaseConfig) -> Result<Db, DbError> {
    let timeout = |time: Duration| format!("{}ms", time.as_millis());
    let options = PgConnectOptions::from_str(url)?
        .application_name("phonebill")
        .options([
            ("statement_timeout", timeout(config.statement_timeout)),
            ("lock_timeout", timeout(config.lock_timeout)),
            (
                "idle_in_transaction_session_timeout",
                timeout(config.idle_in_transaction_timeout),
            ),
            ("client_min_messages", "error".to_owned()),
            // Whatever the server's default is: a commit that was answered survives a crash.
            ("synchronous_commit", "on".to_owned()),
        ]);
    let patience = Patience::beyond(config.statement_timeout, config.acquire_timeout);
    let pool = PgPoolOptions::new()
        .max_connections(config.max_connections)
        .acquire_timeout(config.acquire_timeout)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(refuse_a_standby(connection)))
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRIED_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        // On the way of a database that does not answer the connection is given up.
        .after_release(move |connection, _| {
            Box::pin(patience.wait(async {
                roll_back_what_is_open(connection).await?;
                Ok(true)
            }))
        })
        .connect_lazy_with(options);
    Ok(Db::Postgres(pool, patience))
}

/// After a failover the old name may lead to a standby for some seconds. It would be connected to for as
/// long as its connections are good, refuse every write and answer reads with what was.
async fn refuse_a_standby(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let standby: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()")
        .fetch_one(connection)
        .await?;
    if standby {
        let standby = io::Error::other("connected to a standby, not to the primary");
        return Err(sqlx::Error::Io(standby));
    }
    Ok(())
}

/// Ends a transaction that a cancelled `begin` left open (docs/adr/0004).
///
/// A plain `ROLLBACK` would do, but nearly always there is nothing to roll back, and PostgreSQL
/// writes a warning into its log each time. So nothing is begun, and the answer tells whether the
/// connection is in a transaction all the same.
async fn roll_back_what_is_open(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    match connection.begin_with("").await {
        Ok(left_open) => left_open.rollback().await,
        Err(sqlx::Error::BeginFailed) => Ok(()),
        Err(error) => Err(error),
    }
}

impl Db {
    /// Where reads run.
    pub fn read(&self) -> Target<&SqlitePool, &PgPool> {
        match self {
            Self::Sqlite { read, .. } => Target::Sqlite(read),
            Self::Postgres(pool, patience) => Target::Postgres(pool, *patience),
        }
    }

    /// Where single writing statements run.
    pub fn write(&self) -> Target<&SqlitePool, &PgPool> {
        match self {
            Self::Sqlite { write, .. } => Target::Sqlite(write),
            Self::Postgres(pool, patience) => Target::Postgres(pool, *patience),
        }
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                write.close().await;
                read.close().await;
            }
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}
