//! One trial: lives one after the other on one database, and what all ledgers say in the end.

use super::{
    customer::Customer,
    database::Seeded,
    process::{Process, Setup, last_words},
    record_store::Connection,
    stand_ins::StandIns,
};
use crate::laws::{
    Violation, judge,
    ledgers::{Ledgers, Moment},
};
use anyhow::{Context, Result};
use server::{config::DatabaseConfig, db::connect, product::audit_history};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// After this, what has not settled never will.
const SETTLE_WITHIN: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    Died,
    /// Every change has its end, every event is delivered.
    Settled,
    TooLong,
}

/// What a trial found.
#[derive(Debug)]
pub struct Verdict {
    pub deaths: u64,
    /// In the record.
    pub changes: u64,
    pub violations: Vec<Violation>,
    /// The end of the log, where there are violations.
    pub log: String,
}

pub struct Trial {
    folder: TempDir,
    pub setup: Setup,
    pub stand_ins: StandIns,
    pub customer: Customer,
    connection: Connection,
    /// As the product is told it, whatever stands in between.
    database_url: String,
    process: Option<Process>,
    moments: Vec<Moment>,
    pub deaths: u64,
}

impl Trial {
    /// # Errors
    /// The database cannot be renewed.
    pub async fn begin(seeded: &Seeded, place: usize, stand_ins: StandIns) -> Result<Self> {
        let folder = TempDir::new()?;
        let url = seeded.renew(place, folder.path()).await?;
        let setup = stand_ins.setup(folder.path(), url.clone())?;
        let file = folder.path().join("data").join("phonebill.db");
        Ok(Self {
            database_url: url
                .clone()
                .unwrap_or_else(|| format!("sqlite:{}", file.display())),
            connection: Seeded::connect(url.as_deref(), folder.path()).await?,
            customer: Customer::new(&seeded.token)?,
            process: None,
            moments: Vec::new(),
            deaths: 0,
            folder,
            setup,
            stand_ins,
        })
    }

    /// Begins a life that ends at that place, if it comes by there. `None`: it has ended already.
    ///
    /// # Errors
    /// The binary does not run.
    pub async fn live(&mut self, crash_at: Option<&str>) -> Result<Option<String>> {
        self.process = Process::start(&self.setup, crash_at).await?;
        if self.process.is_none() {
            self.note_death().await?;
        }
        Ok(self.process.as_ref().map(|process| process.origin.clone()))
    }

    /// Waits for the death of this life, or for the end of all work, once `pressed` says that
    /// nobody presses any more.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn wait(&mut self, pressed: impl Fn() -> bool) -> Result<Waited> {
        let deadline = Instant::now() + SETTLE_WITHIN;
        loop {
            if self.process.as_mut().is_none_or(Process::is_dead) {
                self.process = None;
                self.note_death().await?;
                return Ok(Waited::Died);
            }
            if pressed() && self.connection.unsettled().await? == 0 {
                return Ok(Waited::Settled);
            }
            if Instant::now() > deadline {
                return Ok(Waited::TooLong);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends this life by SIGKILL.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill().await?;
            self.note_death().await?;
        }
        Ok(())
    }

    /// Every change there is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn changes(&mut self) -> Result<Vec<String>> {
        let states = self.connection.moment().await?.states;
        Ok(states.into_iter().map(|(_, id, _)| id).collect())
    }

    /// What all ledgers say by now.
    ///
    /// # Errors
    /// One cannot be read.
    pub async fn ledgers(&mut self) -> Result<Ledgers> {
        let mut record = self.connection.record().await.context("the record")?;
        record.chain_broken_at = broken_chain(&self.database_url).await?;
        Ok(Ledgers {
            kos: self.stand_ins.kos()?,
            record,
            ap: self.stand_ins.deliveries()?,
            told: self.customer.told(),
            moments: self.moments.clone(),
        })
    }

    /// Ends the last life and compares all ledgers.
    ///
    /// # Errors
    /// One cannot be read.
    pub async fn verdict(mut self) -> Result<Verdict> {
        self.kill().await?;
        let ledgers = self.ledgers().await?;
        let violations = judge(&ledgers);
        let log = match violations.is_empty() {
            true => String::new(),
            false => last_words(self.folder.path()),
        };
        Ok(Verdict {
            deaths: self.deaths,
            changes: ledgers.record.changes.len() as u64,
            violations,
            log,
        })
    }

    async fn note_death(&mut self) -> Result<()> {
        self.deaths += 1;
        Seeded::bury(&mut self.connection).await?;
        self.moments.push(self.connection.moment().await?);
        Ok(())
    }
}

/// What `phonebill verify-history` would find.
async fn broken_chain(url: &str) -> Result<Option<String>> {
    let db = connect(&DatabaseConfig {
        url: url.into(),
        max_connections: 1,
        acquire_timeout_ms: 10_000,
        statement_timeout_ms: 10_000,
        lock_timeout_ms: 10_000,
        idle_in_transaction_timeout_ms: 10_000,
    })
    .await?;
    let audit = audit_history(&db).await?;
    db.close().await;
    Ok(audit.fault.map(|fault| fault.to_string()))
}
