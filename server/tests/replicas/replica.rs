//! One `phonebill serve` on an address that it keeps over restarts.

use crate::{
    balancer::free_address,
    binary,
    signals::{self, Signal},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::File,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const READY_WITHIN: Duration = Duration::from_secs(60);
/// The most that a replica may take to end after SIGTERM: two seconds of serving on, eight for open
/// requests, two for tasks.
pub const IN_TIME: Duration = Duration::from_secs(12);
/// The rig's time limit for an end: long enough to measure how late it is.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(60);

/// The settings of all replicas.
pub struct Settings {
    pub postgres: String,
    pub redis: String,
    pub kos: String,
    pub ap: String,
    /// Signs what the AP receives.
    pub ap_secret: String,
    /// The public origin: nginx.
    pub origin: String,
    pub folder: PathBuf,
}

impl Settings {
    fn command(&self, folder: &str) -> Command {
        let mut command = binary::phonebill();
        command
            .env("PHONEBILL_PROFILE", "demo")
            .env("PHONEBILL_DATA_DIR", self.folder.join(folder))
            .env("DATABASE_URL", &self.postgres)
            .env("REDIS_URL", &self.redis)
            .env("KOS_URL", &self.kos)
            .env("MVNO_AP_URL", &self.ap)
            .env("PHONEBILL__MVNO__SIGNING_SECRET", &self.ap_secret)
            .env("PHONEBILL__HTTP__PUBLIC_ORIGIN", &self.origin)
            .env("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1")
            .env("PHONEBILL__DATABASE__REPLICAS", "3")
            .env(
                "PHONEBILL__AUTH__TOKEN_SECRET",
                "one secret for all replicas of the rig",
            )
            // All customers of the rig share one address, and are busier than people.
            .env("PHONEBILL__LIMITS__PER_SESSION_PER_S", "100000")
            .env("PHONEBILL__LIMITS__PER_SESSION_BURST", "100000")
            .env("PHONEBILL__LIMITS__PER_ADDRESS_PER_S", "100000")
            .env("PHONEBILL__LIMITS__PER_ADDRESS_BURST", "100000")
            .env("PHONEBILL__LOG__LEVEL", "warn")
            .stdin(Stdio::null());
        command
    }
}

/// Runs the migration job.
pub fn migrate(settings: &Settings) -> Result<()> {
    let mut command = settings.command("migrate");
    let done = command.arg("migrate").stdout(Stdio::null()).status()?;
    ensure!(done.success(), "the schema was not brought up to date");
    Ok(())
}

/// The end of a replica.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub took: Duration,
    /// Exit code 0.
    pub well: bool,
}

impl Ended {
    /// Whether it kept the promise of SIGTERM: exit code 0, in time.
    pub fn as_promised(&self) -> bool {
        self.well && self.took <= IN_TIME
    }
}

pub struct Replica {
    child: Child,
    address: SocketAddr,
    name: String,
}

impl Replica {
    pub async fn start(settings: &Settings, number: usize) -> Result<Self> {
        let (address, name) = (free_address()?, format!("replica-{number}"));
        let child = spawn(settings, &name, address)?;
        let mut replica = Self {
            child,
            address,
            name,
        };
        replica.ready().await?;
        Ok(replica)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn start_again(&mut self, settings: &Settings) -> Result<()> {
        self.child = spawn(settings, &self.name, self.address)?;
        self.ready().await
    }

    /// Sends SIGTERM and waits for the end.
    pub async fn terminate(&mut self) -> Result<Ended> {
        let began = Instant::now();
        signals::send(self.child.id(), Signal::TERM)?;
        while began.elapsed() < GIVEN_UP_AFTER {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Ended {
                    took: began.elapsed(),
                    well: status.code() == Some(0),
                });
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("{} does not end", self.name)
    }

    /// Sends SIGKILL, without a graceful shutdown.
    pub fn kill(&mut self) -> Result<Ended> {
        let began = Instant::now();
        self.child.kill()?;
        self.child.wait()?;
        Ok(Ended {
            took: began.elapsed(),
            well: false,
        })
    }

    async fn ready(&mut self) -> Result<()> {
        let url = format!("http://{}/health/ready", self.address);
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .build()?;
        let began = Instant::now();
        while began.elapsed() < READY_WITHIN {
            if let Ok(answer) = client.get(&url).send().await
                && answer.status() == 200
            {
                return Ok(());
            }
            ensure!(
                self.child.try_wait()?.is_none(),
                "{} ended while starting",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("{} is not ready", self.name)
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(settings: &Settings, name: &str, address: SocketAddr) -> Result<Child> {
    let log = File::options()
        .create(true)
        .append(true)
        .open(settings.folder.join(format!("{name}.log")))?;
    settings
        .command(name)
        .arg("serve")
        .env("PHONEBILL_HTTP_ADDR", address.to_string())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("starting phonebill")
}
