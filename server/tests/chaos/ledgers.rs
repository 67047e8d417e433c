//! KOS's ledger against the record and the customers.

use crate::site::ChangeTold;
use anyhow::{Result, bail};
use sqlx::{Connection, PgConnection, SqliteConnection, query_as};
use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

/// Longer than KOS may still apply a request, plus the next question after that.
const SETTLES_WITHIN: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(500);
const RECORD: &str = "SELECT request_id, idempotency_key, state FROM product_change";
/// States of an open change.
const OPEN: [&str; 3] = ["INTENT", "CALLING", "UNKNOWN"];

/// A change in the database.
#[derive(Clone, Debug)]
pub struct Recorded {
    request_id: String,
    key: String,
    state: String,
}

/// The ledgers of a run's changes.
#[derive(Clone)]
pub struct Ledgers {
    pub told: Vec<ChangeTold>,
    pub record: Vec<Recorded>,
    /// The request ids that KOS applied.
    pub applied: Vec<String>,
}

impl Ledgers {
    pub fn agree(&self) -> bool {
        !self.applied.is_empty() && self.contradictions().is_empty()
    }

    /// The contradictions between them.
    pub fn contradictions(&self) -> Vec<String> {
        let mut applied: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &self.applied {
            *applied.entry(id).or_default() += 1;
        }
        let mut found = Vec::new();
        let mut ends: BTreeMap<&str, &str> = BTreeMap::new();
        for change in &self.record {
            let times = applied.remove(change.request_id.as_str()).unwrap_or(0);
            ends.insert(&change.key, &change.state);
            if times != usize::from(change.state == "COMPLETED") {
                let (id, state) = (&change.request_id, &change.state);
                found.push(format!("{id} is {state} and was applied {times} times"));
            }
        }
        found.extend(applied.keys().map(|id| format!("nothing is known of {id}")));
        for told in &self.told {
            let end = ends.get(told.key.as_str()).copied();
            let held = match told.said.status {
                200 => end == Some("COMPLETED"),
                202 => end.is_some(),
                // Nothing was sent, so the change may be tried again.
                500.. => end != Some("COMPLETED"),
                _ => true,
            };
            if !held {
                let (key, said) = (&told.key, &told.said);
                found.push(format!("{key} was told {said:?} and is {end:?}"));
            }
        }
        found
    }

    /// The same ledgers, each time with one planted falsehood.
    pub fn falsified(&self) -> Vec<(&'static str, Self)> {
        let mut all = Vec::new();
        let mut plant = |name, falsify: &dyn Fn(&mut Self)| {
            let mut falsified = self.clone();
            falsify(&mut falsified);
            all.push((name, falsified));
        };
        plant("a change that was never applied", &|all| {
            all.applied.pop();
        });
        plant("a change applied twice", &|all| {
            all.applied.extend(all.applied.last().cloned());
        });
        plant("a change that is not in the record", &|all| {
            all.record.retain(|change| change.state != "COMPLETED");
        });
        plant("a change told as not begun", &|all| {
            for told in &mut all.told {
                if told.said.status == 200 {
                    told.said.status = 503;
                }
            }
        });
        all
    }
}

/// The record, once no change in it is open.
pub async fn settled(database: &str) -> Result<Vec<Recorded>> {
    let begun = Instant::now();
    loop {
        let record = read(database).await?;
        let is_open = |change: &&Recorded| OPEN.contains(&change.state.as_str());
        match record.iter().find(is_open) {
            None => return Ok(record),
            Some(open) if begun.elapsed() > SETTLES_WITHIN => bail!("never settled: {open:?}"),
            Some(_) => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}

async fn read(database: &str) -> Result<Vec<Recorded>> {
    let rows: Vec<(String, String, String)> = if database.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(database).await?;
        query_as(RECORD).fetch_all(&mut connection).await?
    } else {
        let mut connection = PgConnection::connect(database).await?;
        query_as(RECORD).fetch_all(&mut connection).await?
    };
    let recorded = |(request_id, key, state)| Recorded {
        request_id,
        key,
        state,
    };
    Ok(rows.into_iter().map(recorded).collect())
}

impl fmt::Display for Ledgers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let contradictions = self.contradictions();
        write!(
            out,
            "changes: {} asked for, {} recorded, {} applied, {} contradictions",
            self.told.len(),
            self.record.len(),
            self.applied.len(),
            contradictions.len()
        )?;
        for contradiction in &contradictions {
            write!(out, "\n  {contradiction}")?;
        }
        Ok(())
    }
}
