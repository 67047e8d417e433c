//! The PostgreSQL server, started elsewhere: stopped, crashed, restarted, hanging up, locked, read-only, out
//! of connections or disk space.

use crate::{
    postmaster::Postmaster,
    signals::{self, Signal},
};
use anyhow::{Context, Result, bail, ensure};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// More than the `max_connections` of any test server.
const MANY: usize = 2_000;
const LOCATION: &str = "SELECT pg_tablespace_location(dattablespace) FROM pg_database
    WHERE datname = current_database()";
const TABLES: &str = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public'";
const DISK_FULL: &str = "53100";
const HANG_UP: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
/// Often enough for every asker to meet it, and too seldom for five logins in a row to fail, which locks.
const HANGS_UP_EVERY: Duration = Duration::from_millis(500);
const STARTS_WITHIN: Duration = Duration::from_secs(20);
/// Pause between two crashes: a little longer than a recovery takes.
const CRASHES_EVERY: Duration = Duration::from_millis(700);

pub struct Postgres {
    url: String,
    options: PgConnectOptions,
    address: SocketAddr,
    postmaster: Postmaster,
    /// The folder of the database's files, if it is a disk of its own.
    disk: Option<PathBuf>,
}

/// The file that fills the disk; removed when dropped.
pub struct Ballast(PathBuf);

impl Drop for Ballast {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            eprintln!("the disk stays full: {error}");
        }
    }
}

/// Every connection of the server; closed when dropped.
pub struct Taken {
    _connections: Vec<PgConnection>,
}

/// A transaction that locks every table; ended when dropped.
pub struct Locks {
    _transaction: PgConnection,
}

impl Postgres {
    /// Finds the server of a database on this machine.
    pub async fn find(url: &str) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.ssl_mode(PgSslMode::Disable);
        let address = format!("{}:{}", options.get_host(), options.get_port());
        let mut connection = options.connect().await?;
        let postmaster = parent(process_of(&mut connection).await?)?;
        let location: String = connection.fetch_one(LOCATION).await?.try_get(0)?;
        connection.close().await?;
        Ok(Self {
            url: url.to_owned(),
            options,
            address: address.parse().context("not an address of this machine")?,
            postmaster: Postmaster::of(postmaster)?,
            // The path may exist only in the server's mount namespace.
            disk: (!location.is_empty())
                .then(|| format!("/proc/{postmaster}/root{location}").into()),
        })
    }

    /// Whether it has a disk of its own that may be filled.
    pub fn has_own_disk(&self) -> bool {
        self.disk.is_some()
    }

    /// Fills the disk until PostgreSQL can add no page to any table.
    pub async fn fill_disk(&self) -> Result<Ballast> {
        let disk = self.disk.as_ref().context("no disk of its own")?;
        let ballast = Ballast(disk.join("ballast"));
        let mut file = File::create(&ballast.0)?;
        let full = io::copy(&mut io::repeat(0), &mut file).map_err(|error| error.kind());
        ensure!(full == Err(ErrorKind::StorageFull), "it is never full");
        let mut connection = self.options.connect().await?;
        let refused = connection
            .execute("CREATE TABLE one_more AS SELECT 1")
            .await;
        let code = refused.err().and_then(|error| {
            let database = error.as_database_error()?;
            Some(database.code()?.into_owned())
        });
        ensure!(
            code.as_deref() == Some(DISK_FULL),
            "PostgreSQL still has room"
        );
        Ok(ballast)
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The database's URL through another address.
    pub fn url_through(&self, way: SocketAddr) -> String {
        self.url
            .replace(&self.address.to_string(), &way.to_string())
    }

    /// Signals the server and all its child processes, even after one of them failed.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let postmaster = self.postmaster.pid;
        let mut all = children(postmaster)?;
        all.push(postmaster);
        let sent = all
            .into_iter()
            .map(|process| signals::send(process, signal));
        Ok(sent.fold(Ok(()), Result::and)?)
    }

    /// Ends it without a checkpoint.
    pub fn stop_at_once(&self) -> Result<()> {
        self.postmaster.stop_at_once()
    }

    /// Starts it again; it has recovered by the return.
    pub async fn start_again(&mut self) -> Result<()> {
        self.postmaster.start_again()?;
        let begun = Instant::now();
        while begun.elapsed() < STARTS_WITHIN {
            if let Ok(connection) = self.options.connect().await {
                return Ok(connection.close().await?);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("PostgreSQL does not come back")
    }

    /// Ends every connection again and again, as an operator or a pooler does.
    pub async fn keep_hanging_up(&self) -> Result<JoinHandle<()>> {
        let mut connection = self.options.connect().await?;
        Ok(tokio::spawn(async move {
            loop {
                if let Err(error) = connection.execute(HANG_UP).await {
                    eprintln!("PostgreSQL did not hang up: {error:#}");
                }
                tokio::time::sleep(HANGS_UP_EVERY).await;
            }
        }))
    }

    /// Kills one of its processes again and again: each time it ends all others and recovers.
    pub fn keep_crashing(&self) -> JoinHandle<()> {
        let options = self.options.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = crash(&options).await {
                    eprintln!("PostgreSQL could not be crashed: {error:#}");
                }
                tokio::time::sleep(CRASHES_EVERY).await;
            }
        })
    }

    /// Makes it read-only, like a standby or a demoted primary; open connections are affected too.
    pub async fn set_read_only(&self, on: bool) -> Result<()> {
        let mut connection = self.options.connect().await?;
        connection
            .execute(if on {
                "ALTER SYSTEM SET default_transaction_read_only = on"
            } else {
                "ALTER SYSTEM RESET default_transaction_read_only"
            })
            .await?;
        connection.execute("SELECT pg_reload_conf()").await?;
        connection.close().await?;
        Ok(())
    }

    /// Locks every table, like a careless migration.
    pub async fn lock_all_tables(&self) -> Result<Locks> {
        let mut connection = self.options.connect().await?;
        let tables: String = connection.fetch_one(TABLES).await?.try_get(0)?;
        connection.execute("BEGIN").await?;
        let lock = format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE");
        connection.execute(AssertSqlSafe(lock)).await?;
        Ok(Locks {
            _transaction: connection,
        })
    }

    /// Takes all `max_connections`, including those reserved for superusers.
    pub async fn take_all_connections(&self) -> Result<Taken> {
        let mut connections = Vec::new();
        while connections.len() < MANY {
            match self.options.connect().await {
                Ok(connection) => connections.push(connection),
                Err(_) if !connections.is_empty() => {
                    return Ok(Taken {
                        _connections: connections,
                    });
                }
                Err(error) => return Err(error.into()),
            }
        }
        bail!("PostgreSQL never runs out of connections")
    }
}

impl Drop for Postgres {
    /// A stopped server could not be shut down.
    fn drop(&mut self) {
        if let Err(error) = self.signal(Signal::CONT) {
            eprintln!("{error:#}");
        }
    }
}

/// Kills the server process of a new connection.
async fn crash(options: &PgConnectOptions) -> Result<()> {
    let mut connection = options.connect().await?;
    Ok(signals::send(
        process_of(&mut connection).await?,
        Signal::KILL,
    )?)
}

/// The server's process behind a connection.
async fn process_of(connection: &mut PgConnection) -> Result<u32> {
    let row = connection.fetch_one("SELECT pg_backend_pid()").await?;
    let process: i32 = row.try_get(0)?;
    Ok(process.try_into()?)
}

fn parent(process: u32) -> Result<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    Ok(line.context("no parent")?.trim().parse()?)
}

fn children(process: u32) -> Result<Vec<u32>> {
    let list = format!("/proc/{process}/task/{process}/children");
    let list = fs::read_to_string(list)?;
    Ok(list
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?)
}
