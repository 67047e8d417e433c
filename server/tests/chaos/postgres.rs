//! A PostgreSQL that somebody else started: stopped, crashed, locked, read-only, with no connection
//! left, or no room.

use crate::signals::{self, Signal};
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
    time::Duration,
};
use tokio::task::JoinHandle;

/// More than any `max_connections` of a throw-away server.
const MANY: usize = 2_000;
const LOCATION: &str = "SELECT pg_tablespace_location(dattablespace) FROM pg_database
    WHERE datname = current_database()";
const TABLES: &str = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public'";
const DISK_FULL: &str = "53100";
/// Between two crashes: a little longer than a recovery takes.
const CRASHES_EVERY: Duration = Duration::from_millis(1_500);

pub struct Postgres {
    url: String,
    options: PgConnectOptions,
    address: SocketAddr,
    /// The process all others are children of.
    postmaster: u32,
    /// Where the database's files are, if that is a disk of their own.
    disk: Option<PathBuf>,
}

/// What fills the disk. Dropping it makes room.
pub struct Ballast(PathBuf);

impl Drop for Ballast {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            eprintln!("the disk stays full: {error}");
        }
    }
}

/// Every connection there was. Dropping it gives them back.
pub struct Taken {
    _connections: Vec<PgConnection>,
}

/// A transaction that holds every table for itself. Dropping it gives them back.
pub struct Locks {
    _transaction: PgConnection,
}

impl Postgres {
    /// The server of that database, on this machine.
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
            postmaster,
            // It may be one that only the server sees.
            disk: (!location.is_empty())
                .then(|| format!("/proc/{postmaster}/root{location}").into()),
        })
    }

    /// Whether its disk may be filled.
    pub fn has_own_disk(&self) -> bool {
        self.disk.is_some()
    }

    /// Leaves no room for another page of any table.
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

    /// The same database by another way.
    pub fn url_through(&self, way: SocketAddr) -> String {
        self.url
            .replace(&self.address.to_string(), &way.to_string())
    }

    /// Signals the server and all its child processes, even after one of them failed.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let mut all = children(self.postmaster)?;
        all.push(self.postmaster);
        let sent = all
            .into_iter()
            .map(|process| signals::send(process, signal));
        Ok(sent.fold(Ok(()), Result::and)?)
    }

    /// Kills one of its processes, upon which it ends all others and recovers; again and again.
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

    /// As a standby is, or a primary that has been taken out of service; connections that are open
    /// notice too.
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

    /// What a careless migration does.
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

    /// `max_connections` of them, those for a superuser too.
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
    /// A server that stands still cannot be asked to end.
    fn drop(&mut self) {
        if let Err(error) = self.signal(Signal::CONT) {
            eprintln!("{error:#}");
        }
    }
}

/// A connection that kills its own process.
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
