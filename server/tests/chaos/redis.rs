//! The Redis server: killed, stopped, closed to the product, full, restarted.

use crate::signals::{self, Signal};
use anyhow::{Context, Result, bail};
use redis::{Client, aio::MultiplexedConnection};
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    process::{Child, Command},
    task::JoinHandle,
};

const STARTS_WITHIN: Duration = Duration::from_secs(20);
/// Shorter than the time between a put and the next get.
const FLUSHED_EVERY: Duration = Duration::from_millis(20);

/// A `redis-server` without persistence; killed when dropped.
pub struct Redis {
    folder: PathBuf,
    address: SocketAddr,
    process: Child,
    admin: MultiplexedConnection,
    flushed: Arc<AtomicU64>,
}

impl Redis {
    pub async fn start(folder: &Path) -> Result<Self> {
        let address = free_address()?;
        let process = spawn(folder, address)?;
        Ok(Self {
            folder: folder.to_owned(),
            address,
            process,
            admin: connect(address).await?,
            flushed: Arc::default(),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    /// Starts again on the same port, empty.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process = spawn(&self.folder, self.address)?;
        self.admin = connect(self.address).await?;
        Ok(())
    }

    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid = self.process.id().context("Redis has ended")?;
        Ok(signals::send(pid, signal)?)
    }

    /// Demands a password that the product does not know, and ends the open connections.
    pub async fn want_password(&mut self) -> Result<()> {
        self.run(&["CONFIG", "SET", "requirepass", "untold"])
            .await?;
        self.run(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
            .await
    }

    /// Makes it the replica of a Redis that does not exist.
    pub async fn read_only(&mut self) -> Result<()> {
        self.run(&["REPLICAOF", "127.0.0.1", "1"]).await
    }

    /// Leaves no memory, with eviction off.
    pub async fn fill(&mut self) -> Result<()> {
        self.run(&["CONFIG", "SET", "maxmemory-policy", "noeviction"])
            .await?;
        self.run(&["CONFIG", "SET", "maxmemory", "1"]).await
    }

    /// Makes every client wait.
    pub async fn pause(&mut self, lasts: Duration) -> Result<()> {
        let lasts = lasts.as_millis().to_string();
        self.run(&["CLIENT", "PAUSE", &lasts, "ALL"]).await
    }

    /// Deletes everything again and again, until aborted.
    pub fn keep_flushing(&self) -> JoinHandle<()> {
        let (mut admin, flushed) = (self.admin.clone(), self.flushed.clone());
        let mut flush = redis::pipe();
        flush.atomic().cmd("DBSIZE").cmd("FLUSHALL").ignore();
        tokio::spawn(async move {
            loop {
                match flush.query_async::<(u64,)>(&mut admin).await {
                    Ok((keys,)) => _ = flushed.fetch_add(keys, Ordering::Relaxed),
                    Err(error) => eprintln!("Redis could not be flushed: {error:#}"),
                }
                tokio::time::sleep(FLUSHED_EVERY).await;
            }
        })
    }

    /// The keys that were deleted so far.
    pub fn keys_flushed(&self) -> u64 {
        self.flushed.load(Ordering::Relaxed)
    }

    /// Undoes the faults: no password, writable, with memory.
    pub async fn mend(&mut self) -> Result<()> {
        self.run(&["CONFIG", "SET", "requirepass", ""]).await?;
        self.run(&["REPLICAOF", "NO", "ONE"]).await?;
        self.run(&["CONFIG", "SET", "maxmemory", "0"]).await
    }

    async fn run(&mut self, command: &[&str]) -> Result<()> {
        let (name, arguments) = command.split_first().context("no command")?;
        let mut cmd = redis::cmd(name);
        cmd.arg(arguments);
        Ok(cmd.exec_async(&mut self.admin).await?)
    }
}

fn spawn(folder: &Path, address: SocketAddr) -> Result<Child> {
    Command::new("redis-server")
        .args(["--port", &address.port().to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting redis-server: is it installed?")
}

async fn connect(address: SocketAddr) -> Result<MultiplexedConnection> {
    let client = Client::open(format!("redis://{address}/"))?;
    let begun = Instant::now();
    while begun.elapsed() < STARTS_WITHIN {
        if let Ok(connection) = client.get_multiplexed_async_connection().await {
            return Ok(connection);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("Redis does not answer")
}

/// An address of this machine that was free a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
