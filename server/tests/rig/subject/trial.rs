//! One trial: successive lives on one database, and the verdict over all ledgers.

use super::{
    customer::Customer,
    database::{Seeded, open},
    process::{Fate, Process, Setup, last_words, resolve},
    record_store::Connection,
    stand_ins::StandIns,
};
use crate::{
    laws::{
        Violation, judge,
        ledgers::{Ledgers, Moment, State},
    },
    signals::{self, Signal},
};
use anyhow::{Context, Result};
use server::product::audit_history;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Time limit for everything to settle.
pub(super) const SETTLE_WITHIN: Duration = Duration::from_secs(60);
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The outcome of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    Died,
    /// Every change is settled or waits for a person, and every event is delivered.
    Settled,
    TooLong,
}

/// The verdict of a trial.
#[derive(Debug)]
pub struct Verdict {
    pub deaths: u64,
    /// Changes in the record.
    pub changes: u64,
    pub violations: Vec<Violation>,
    /// The end of the log, if there are violations.
    pub log: String,
}

pub struct Trial {
    folder: TempDir,
    pub setup: Setup,
    pub stand_ins: StandIns,
    pub customer: Customer,
    pub(super) connection: Connection,
    /// The database itself, not a proxy in front of it.
    database_url: String,
    process: Option<Process>,
    pub(super) moments: Vec<Moment>,
    pub deaths: u64,
}

impl Trial {
    /// # Errors
    /// The database cannot be reset.
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

    /// Starts a life with its fate. `None`: it has ended already.
    ///
    /// # Errors
    /// The binary cannot be run.
    pub async fn live(&mut self, crash_at: Option<&str>) -> Result<Option<String>> {
        let fate = crash_at.map_or(Fate::Lives, Fate::DiesAt);
        self.process = Process::start(&self.setup, fate).await?;
        if self.process.is_none() {
            self.note_death().await?;
        }
        Ok(self.process.as_ref().map(|process| process.origin.clone()))
    }

    /// Waits for the death of this life, or until all work is done after `pressed` reports that no
    /// customer sends any more.
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

    /// Whether this life goes on for the given time although all work is done.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outlives(&mut self, moment: Duration) -> Result<Waited> {
        let deadline = Instant::now() + moment;
        while Instant::now() < deadline {
            if self.process.as_mut().is_none_or(Process::is_dead) {
                self.process = None;
                self.note_death().await?;
                return Ok(Waited::Died);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(Waited::Settled)
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

    /// Kills a process of PostgreSQL, which ends all others and recovers; returns when it has.
    ///
    /// # Errors
    /// It is not PostgreSQL, or does not recover.
    pub async fn crash_postgres(&mut self) -> Result<()> {
        let mut witness = Connection::postgres(&self.database_url).await?;
        let victim = self
            .connection
            .texts("SELECT CAST(pg_backend_pid() AS TEXT)");
        let victim = victim.await?.pop().context("no process")?.parse()?;
        signals::send(victim, Signal::KILL)?;
        let deadline = Instant::now() + SETTLE_WITHIN;
        // Until it has noticed, it still lets clients in, and then ends them too.
        while witness.texts("SELECT CAST(1 AS TEXT)").await.is_ok() {
            anyhow::ensure!(Instant::now() < deadline, "it does not crash");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        loop {
            match Connection::postgres(&self.database_url).await {
                Ok(connection) => {
                    self.connection = connection;
                    return Ok(());
                }
                Err(error) if Instant::now() > deadline => return Err(error),
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }

    /// The number of changes.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn changes(&mut self) -> Result<Vec<String>> {
        let states = self.connection.moment().await?.states;
        Ok(states.into_iter().map(|(_, id, _)| id).collect())
    }

    /// Per change: when its send was allowed, and whether it was found to be applied too late.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn calls(&mut self) -> Result<Vec<(String, i64, bool)>> {
        self.connection.calls().await
    }

    /// Changes recorded as not applied.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn not_applied(&mut self) -> Result<Vec<String>> {
        let states = self.connection.moment().await?.states.into_iter();
        let failed = states.filter(|(_, _, state)| *state == State::NotApplied);
        Ok(failed.map(|(_, id, _)| id).collect())
    }

    /// Lets operators decide, by KOS's ledger, the changes that wait for a person.
    ///
    /// # Errors
    /// A decision could not be recorded.
    pub async fn decide_what_waits_for_a_person(&mut self) -> Result<()> {
        let applied = self.stand_ins.kos()?.applied;
        for (_, id, state) in self.connection.moment().await?.states {
            if state == State::Manual {
                let is_applied = applied.iter().any(|change| change.request_id == id);
                resolve(&self.setup, &id, is_applied).await?;
            }
        }
        Ok(())
    }

    /// The current ledgers.
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
        Seeded::bury(&mut self.connection).await?;
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

/// The fault that `phonebill verify-history` would find.
async fn broken_chain(url: &str) -> Result<Option<String>> {
    let db = open(url).await?;
    let audit = audit_history(&db).await?;
    db.close().await;
    Ok(audit.fault.map(|fault| fault.to_string()))
}
