//! A seeded database that is reset for each trial.

use super::{
    customer::{Customer, USER},
    process::{Fate, Process},
    record_store::Connection,
    stand_ins::StandIns,
};
use anyhow::{Context, Result};
use server::{
    config::DatabaseConfig,
    db::{Db, connect},
};
use std::{fmt, fs, path::Path, time::Duration};
use tempfile::TempDir;

/// Lines that the rig's account owns, beside the demo's.
const LINES: usize = 16;

/// The kind of database.
#[derive(Clone, Debug)]
pub enum Backend {
    Sqlite,
    /// The URL of an existing database; the rig makes its own beside it.
    Postgres(String),
}

impl fmt::Display for Backend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        })
    }
}

impl Backend {
    /// The URL of a database beside the existing one.
    fn url(&self, database: &str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(url) => {
                let server = url
                    .rsplit_once('/')
                    .map_or(url.as_str(), |(server, _)| server);
                Some(format!("{server}/{database}"))
            }
        }
    }

    /// Makes databases.
    async fn admin(&self) -> Result<Connection> {
        match self {
            Self::Sqlite => anyhow::bail!("SQLite has no server"),
            Self::Postgres(url) => Connection::postgres(url).await,
        }
    }
}

/// A line of the rig.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub number: String,
}

/// Databases that hold accounts, lines and a session only.
pub struct Seeded {
    backend: Backend,
    template: TempDir,
    pub token: String,
    pub lines: Vec<Line>,
}

const TEMPLATE: &str = "rig_template";

impl Seeded {
    /// Seeds one, and on PostgreSQL makes a copy per place.
    ///
    /// # Errors
    /// The product does not start on it.
    pub async fn make(backend: Backend, places: usize) -> Result<Self> {
        let template = TempDir::new()?;
        if let Backend::Postgres(_) = &backend {
            let mut admin = backend.admin().await?;
            for name in (0..places).map(place).chain([TEMPLATE.to_owned()]) {
                admin
                    .run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await?;
            }
            admin.run(format!("CREATE DATABASE {TEMPLATE}")).await?;
        }
        let mut seeded = Self {
            token: String::new(),
            lines: Vec::new(),
            backend,
            template,
        };
        let stand_ins = StandIns::start(true, Vec::new()).await?;
        let setup = stand_ins.setup(seeded.template.path(), seeded.url(TEMPLATE))?;
        let mut process = Process::start(&setup, Fate::Lives)
            .await?
            .context("phonebill did not start")?;
        seeded.token = Customer::login(&process.origin).await?;
        process.kill().await?;
        seeded.add_lines().await?;
        if let Backend::Postgres(_) = &seeded.backend {
            let mut admin = seeded.backend.admin().await?;
            for name in (0..places).map(place) {
                admin
                    .run(format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
                    .await?;
            }
        }
        Ok(seeded)
    }

    /// Resets the database of a place; returns its URL, or `None` for a file in `folder`.
    ///
    /// # Errors
    /// It cannot be reset.
    pub async fn renew(&self, place_number: usize, folder: &Path) -> Result<Option<String>> {
        let url = self.url(&place(place_number));
        match &url {
            None => copy(&self.template.path().join("data"), &folder.join("data"))?,
            Some(url) => {
                let mut connection = Connection::postgres(url).await?;
                expel_others(&mut connection).await?;
                let tables = connection
                    .texts(
                        "SELECT CAST(tablename AS TEXT) FROM pg_tables
                          WHERE schemaname = 'public'
                            AND tablename NOT LIKE 'auth%' AND tablename NOT LIKE '\\_sqlx%'",
                    )
                    .await?;
                // The history's triggers refuse a DELETE; the replication role bypasses them.
                connection
                    .run("SET session_replication_role = replica".into())
                    .await?;
                connection
                    .run(format!("TRUNCATE {} CASCADE", tables.join(", ")))
                    .await?;
            }
        }
        Ok(url)
    }

    /// Opens a connection to the database of a trial.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn connect(url: Option<&str>, folder: &Path) -> Result<Connection> {
        match url {
            Some(url) => Connection::postgres(url).await,
            None => Connection::sqlite(&folder.join("data").join("phonebill.db")).await,
        }
    }

    /// Ends the database sessions of dead servers.
    ///
    /// # Errors
    /// The database fails.
    pub async fn bury(connection: &mut Connection) -> Result<()> {
        if matches!(connection, Connection::Postgres(_)) {
            expel_others(connection).await?;
        }
        Ok(())
    }

    fn url(&self, database: &str) -> Option<String> {
        self.backend.url(database)
    }

    async fn add_lines(&mut self) -> Result<()> {
        let url = self.url(TEMPLATE);
        let mut connection = Self::connect(url.as_deref(), self.template.path()).await?;
        Self::bury(&mut connection).await?;
        for index in 0..LINES {
            let line = Line {
                id: format!("rig-line-{index:02}"),
                number: format!("0107{:07}", 1_234_501 + index * 11),
            };
            let sql = format!(
                "INSERT INTO auth_line (line_id, account_id, line_number, position)
                 SELECT '{}', account_id, '{}', {} FROM auth_account WHERE user_id = '{USER}'",
                line.id,
                line.number,
                100 + index,
            );
            connection.run(sql).await?;
            self.lines.push(line);
        }
        connection.close().await
    }
}

/// An empty database with all its tables.
pub struct Blank {
    pub db: Db,
    folder: TempDir,
    url: Option<String>,
}

const BLANK: &str = "rig_blank";

impl Blank {
    /// # Errors
    /// It cannot be made.
    pub async fn make(backend: &Backend) -> Result<Self> {
        let folder = TempDir::new()?;
        let (database_url, url) = match backend {
            Backend::Sqlite => {
                fs::create_dir(folder.path().join("data"))?;
                let file = folder.path().join("data").join("phonebill.db");
                (format!("sqlite:{}", file.display()), None)
            }
            Backend::Postgres(_) => {
                let url = backend.url(BLANK).context("no URL")?;
                let mut admin = backend.admin().await?;
                admin
                    .run(format!("DROP DATABASE IF EXISTS {BLANK} WITH (FORCE)"))
                    .await?;
                admin.run(format!("CREATE DATABASE {BLANK}")).await?;
                (url.clone(), Some(url))
            }
        };
        let db = open(&database_url).await?;
        db.migrate().await?;
        Ok(Self { db, folder, url })
    }

    /// # Errors
    /// It cannot be opened.
    pub async fn connect(&self) -> Result<Connection> {
        Seeded::connect(self.url.as_deref(), self.folder.path()).await
    }
}

/// Opens it like the product, with the time limits of a test.
///
/// # Errors
/// It cannot be opened.
pub async fn open(url: &str) -> Result<Db> {
    let config = DatabaseConfig {
        url: url.into(),
        max_connections: 1,
        acquire_timeout: Duration::from_millis(60_000),
        statement_timeout: Duration::from_millis(60_000),
        lock_timeout: Duration::from_millis(60_000),
        idle_in_transaction_timeout: Duration::from_millis(60_000),
    };
    Ok(connect(&config).await?)
}

fn place(number: usize) -> String {
    format!("rig_place_{number}")
}

/// Ends all other sessions, and waits until their statements have ended too.
async fn expel_others(connection: &mut Connection) -> Result<()> {
    loop {
        let others = connection
            .texts(
                "SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await?;
        if others.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
