//! A PostgreSQL database that is gone when the test ends.

use super::environment;
use server::{clock::Clock, ids::Ids};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, postgres::PgConnectOptions};

/// A database of a random name on the server of `PHONEBILL_TEST_POSTGRES_URL`.
pub struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    /// `None`, having said so, when there is no server.
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
