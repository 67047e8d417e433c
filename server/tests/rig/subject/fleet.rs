//! Several replicas on one PostgreSQL and one Redis.

use super::{
    database::Seeded,
    process::{Fate, Process},
    stand_ins::StandIns,
    trial::{LOOK_EVERY, SETTLE_WITHIN, Trial},
};
use anyhow::{Context, Result};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Fleet {
    pub trial: Trial,
    replicas: Vec<Option<Process>>,
}

impl Fleet {
    /// A fleet without a running replica, on a reset database and an emptied `redis`.
    ///
    /// # Errors
    /// The database or the cache cannot be reset.
    pub async fn begin(
        seeded: &Seeded,
        place: usize,
        stand_ins: StandIns,
        redis: &str,
        size: usize,
    ) -> Result<Self> {
        let mut trial = Trial::begin(seeded, place, stand_ins).await?;
        trial.setup.redis_url = Some(emptied(redis, place).await?);
        Ok(Self {
            trial,
            replicas: (0..size).map(|_| None).collect(),
        })
    }

    /// # Errors
    /// It cannot be started.
    pub async fn start(&mut self, number: usize, fate: Fate<'_>) -> Result<()> {
        self.replicas[number] = Process::start(&self.trial.setup, fate).await?;
        Ok(())
    }

    /// Starts one at an address of its own.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start_at(&mut self, number: usize, address: SocketAddr) -> Result<()> {
        let mut setup = self.trial.setup.clone();
        let address = ("PHONEBILL_HTTP_ADDR".to_owned(), address.to_string());
        setup.settings.push(address);
        self.replicas[number] = Process::start(&setup, Fate::Lives).await?;
        Ok(())
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn kill(&mut self, number: usize) -> Result<()> {
        if let Some(mut process) = self.replicas[number].take() {
            process.kill().await?;
            self.trial.deaths += 1;
        }
        self.look().await
    }

    /// Takes a snapshot of the record for the judge.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn look(&mut self) -> Result<()> {
        let moment = self.trial.connection.moment().await?;
        self.trial.moments.push(moment);
        Ok(())
    }

    /// # Errors
    /// It is not running.
    pub fn replica(&self, number: usize) -> Result<&Process> {
        self.replicas[number].as_ref().context("it does not live")
    }

    /// The origins of the running replicas, stopped ones included: a customer cannot tell them apart.
    pub fn origins(&self) -> Vec<String> {
        let living = self.replicas.iter().flatten();
        living.map(|process| process.origin.clone()).collect()
    }

    /// Whether it stops within the given time, or stopped during start-up.
    ///
    /// # Errors
    /// It is not running.
    pub async fn stands_still(&self, number: usize, within: Duration) -> Result<bool> {
        if self.replica(number)?.stood_still {
            return Ok(true);
        }
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            if self.replica(number)?.is_still() {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(false)
    }

    /// Waits until all work is done, after `pressed` reports that no customer sends any more. `false`:
    /// it does not end.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn settle(&mut self, pressed: impl Fn() -> bool) -> Result<bool> {
        let deadline = Instant::now() + SETTLE_WITHIN;
        while Instant::now() < deadline {
            if pressed() && self.trial.connection.unsettled().await? == 0 {
                return Ok(true);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(false)
    }
}

/// Empties one of the numbered databases of a Redis, and returns its URL.
async fn emptied(redis: &str, number: usize) -> Result<String> {
    let address = redis.trim_start_matches("redis://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).await?;
    let number = number + 1;
    let commands = format!("SELECT {number}\r\nFLUSHDB\r\n");
    stream.write_all(commands.as_bytes()).await?;
    let mut answer = [0; 10];
    stream.read_exact(&mut answer).await?;
    anyhow::ensure!(&answer == b"+OK\r\n+OK\r\n", "Redis did not empty");
    Ok(format!("redis://{address}/{number}"))
}
