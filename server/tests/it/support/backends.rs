//! Each test body is written once and run on SQLite and on PostgreSQL.
//!
//! ```ignore
//! on_both_databases! { a_row_is_found, a_row_is_unique }
//!
//! async fn a_row_is_found(database: TestDatabase) { … }
//! ```
//!
//! makes the tests `sqlite::a_row_is_found` and `postgres::a_row_is_found`, each on its own database,
//! which is removed afterwards. PostgreSQL is the server of `PHONEBILL_TEST_POSTGRES_URL`; without it
//! the test prints that it is skipped, or fails if `PHONEBILL_REQUIRE_BACKENDS=1`.

use super::{environment, postgres, redis::Corner, sqlite};
use futures::FutureExt;
use secrecy::ExposeSecret;
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
    config::DatabaseConfig,
    db::{Db, Target, connect},
};
use sqlx::SqlSafeStr;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

/// An empty database that only this test uses.
#[derive(Clone)]
pub struct TestDatabase {
    pub config: DatabaseConfig,
    pub db: Db,
}

impl TestDatabase {
    /// Opens the database at a URL, with limits for tests.
    pub async fn open(url: String) -> Self {
        let config = DatabaseConfig {
            url: url.into(),
            max_connections: 8,
            acquire_timeout: Duration::from_millis(5_000),
            statement_timeout: Duration::from_millis(5_000),
            lock_timeout: Duration::from_millis(2_000),
            idle_in_transaction_timeout: Duration::from_millis(5_000),
        };
        let db = connect(&config).await.unwrap();
        Self { config, db }
    }

    /// Runs every migration.
    pub async fn migrated(self) -> Self {
        self.db.migrate().await.unwrap();
        self
    }

    /// Another pool on the same database, like another replica's.
    pub async fn replica(&self) -> Db {
        connect(&self.config).await.unwrap()
    }

    /// What tells this database from others.
    pub fn name(&self) -> String {
        let url = self.config.url.expose_secret();
        let name = url.rsplit('/').next().unwrap_or_default();
        name.chars().filter(char::is_ascii_alphanumeric).collect()
    }

    /// A replica's cache, as the product runs: in the process beside SQLite, beside PostgreSQL in the Redis
    /// that all replicas share.
    pub async fn cache(&self, clock: &Clock) -> Arc<dyn Cache> {
        let redis = match &self.db {
            Db::Postgres(..) => environment::backend(environment::REDIS_URL),
            Db::Sqlite { .. } => None,
        };
        match redis {
            Some(url) => Arc::new(Corner::named(url, self.name()).cache().await),
            None => Arc::new(MemoryCache::new(1_000, clock.clone())),
        }
    }

    /// The same database through a pool of one connection, so that the next statement meets whatever a
    /// test left on it.
    pub async fn narrow(&self) -> Self {
        let config = DatabaseConfig {
            max_connections: 1,
            ..self.config.clone()
        };
        let db = connect(&config).await.unwrap();
        Self { config, db }
    }

    /// Runs a statement that means the same on both back ends; returns the number of rows.
    pub async fn execute(&self, sql: impl SqlSafeStr) -> u64 {
        self.try_execute(sql).await.unwrap()
    }

    /// The same for a statement that the database may refuse.
    pub async fn try_execute(&self, sql: impl SqlSafeStr) -> sqlx::Result<u64> {
        match self.db.write() {
            Target::Sqlite(pool) => {
                let done = sqlx::query(sql).execute(pool).await?;
                Ok(done.rows_affected())
            }
            Target::Postgres(pool, _) => {
                let done = sqlx::query(sql).execute(pool).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// The single number that a query returns.
    pub async fn number(&self, sql: impl SqlSafeStr) -> i64 {
        match self.db.read() {
            Target::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            Target::Postgres(pool, _) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }

    /// Every text that a query returns.
    pub async fn texts(&self, sql: impl SqlSafeStr) -> Vec<String> {
        match self.db.read() {
            Target::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
            Target::Postgres(pool, _) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// The single text that a query returns.
    pub async fn text(&self, sql: impl SqlSafeStr) -> String {
        match self.db.read() {
            Target::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            Target::Postgres(pool, _) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }
}

/// Runs the body on a fresh SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(body: fn(TestDatabase) -> F) {
    let file = sqlite::File::create();
    let database = TestDatabase::open(file.url()).await;
    run(body, database).await.finish();
}

/// Runs the body on a fresh PostgreSQL database.
pub async fn on_postgres<F: Future<Output = ()>>(body: fn(TestDatabase) -> F) {
    let Some(created) = postgres::Database::create().await else {
        return;
    };
    let database = TestDatabase::open(created.url()).await;
    let verdict = run(body, database).await;
    created.remove().await;
    verdict.finish();
}

/// The outcome of a body, kept while its database is removed.
struct Verdict(std::thread::Result<()>);

impl Verdict {
    fn finish(self) {
        if let Err(panic) = self.0 {
            std::panic::resume_unwind(panic);
        }
    }
}

async fn run<F: Future<Output = ()>>(
    body: fn(TestDatabase) -> F,
    database: TestDatabase,
) -> Verdict {
    let db = database.db.clone();
    let verdict = Verdict(AssertUnwindSafe(body(database)).catch_unwind().await);
    db.close().await;
    verdict
}

/// Makes the tests `sqlite::<name>` and `postgres::<name>` of each named body.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::backends::on_sqlite(super::$name).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::backends::on_postgres(super::$name).await;
            })+
        }
    };
}

pub(crate) use on_both_databases;
