//! Connecting, by the scheme of the URL.

use super::{DbError, Patience, Target};
use crate::config::DatabaseConfig;
use secrecy::ExposeSecret;
use sqlx::{
    Connection, Executor, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, str::FromStr, time::Duration};

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

async fn open_sqlite(path: &Path, config: &DatabaseConfig) -> Result<Db, DbError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: a commit survives power loss, which the change protocol stands on.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_millis(config.statement_timeout_ms))
        .foreign_keys(true);
    // Drops a transaction that a cancelled `begin` left open (docs/adr/0004): without it, later
    // writes on that connection answer Ok and are lost.
    // Writers queue for the one connection as they would for a lock, so they wait as long as a
    // statement may take.
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(Duration::from_millis(config.statement_timeout_ms))
        .after_release(|connection, _| {
            Box::pin(async move {
                // An error here is the normal case: there was no transaction to roll back.
                let _ = connection.execute("ROLLBACK").await;
                // After a failed disk SQLite has rolled back by itself while sqlx still counts a
                // transaction and would refuse every later one: such a connection is closed.
                Ok(!connection.is_in_transaction())
            })
        });
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

fn open_postgres(url: &str, config: &DatabaseConfig) -> Result<Db, DbError> {
    let timeout = |ms: u64| format!("{ms}ms");
    let options = PgConnectOptions::from_str(url)?
        .application_name("phonebill")
        .options([
            ("statement_timeout", timeout(config.statement_timeout_ms)),
            ("lock_timeout", timeout(config.lock_timeout_ms)),
            (
                "idle_in_transaction_session_timeout",
                timeout(config.idle_in_transaction_timeout_ms),
            ),
            ("client_min_messages", "error".to_owned()),
            // Whatever the server's default is: a commit that was answered survives a crash.
            ("synchronous_commit", "on".to_owned()),
        ]);
    let patience = Patience::beyond(
        Duration::from_millis(config.statement_timeout_ms),
        Duration::from_millis(config.acquire_timeout_ms),
    );
    let pool = PgPoolOptions::new()
        .max_connections(config.max_connections)
        .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
        .after_release(move |connection, _| {
            // On the way of a database that does not answer the connection is given up.
            Box::pin(async move {
                patience.wait(connection.execute("ROLLBACK")).await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    Ok(Db::Postgres(pool, patience))
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
