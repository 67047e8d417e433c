//! A PostgreSQL database for one test.

use super::environment;
use server::{clock::Clock, ids::Ids};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, postgres::PgConnectOptions};

/// A database with a random name on the server of `PHONEBILL_TEST_POSTGRES_URL`.
pub struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    /// `None`, after saying so, if the variable is not set.
    pub async fn create() -> Option<Self> {
        let url = environment::backend(environment::POSTGRES_URL)?;
        let server: PgConnectOptions = url.parse().unwrap();
        let name = format!(
            "phonebill_{}",
            hex::encode(Ids::random(Clock::system()).bytes::<8>())
        );
        let database = Self { server, name };
        database
            .administer(format!("CREATE DATABASE {}", database.name))
            .await;
        Some(database)
    }

    pub fn url(&self) -> String {
        let server = self.server.clone().database(&self.name);
        server.to_url_lossy().to_string()
    }

    pub async fn remove(self) {
        self.administer(format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .await;
    }

    async fn administer(&self, statement: String) {
        let mut connection = self.server.connect().await.unwrap();
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
        connection.close().await.unwrap();
    }
}
