//! J7: a process stopped between its last look at the clock and the socket sends a change that another
//! process has meanwhile found not applied. It cannot be prevented; it has to be found.

use crate::{
    laws::{Law, Violation},
    subject::Trial,
};
use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// A sender looks at the clock at most two seconds after its commit, and then connects. KOS records
/// arrivals to the second.
const TOO_LATE_MS: i64 = 2_000 + 400 - 1_000;
/// The first look comes a minute after the outcome, and looks come every ten seconds.
const FOUND_WITHIN: Duration = Duration::from_secs(100);

/// Changes that arrived at KOS later than a running process would have sent them.
///
/// # Errors
/// A ledger cannot be read.
pub async fn sent_too_late(trial: &mut Trial) -> Result<Vec<String>> {
    let attempts = trial.stand_ins.simulator.ledger().change_attempts()?;
    let mut arrived = BTreeMap::new();
    for attempt in attempts {
        let at: jiff::Timestamp = attempt.received_at.parse().context("no instant")?;
        let id = attempt.request_id.unwrap_or_default();
        arrived.insert(id, at.as_millisecond());
    }
    let calls = trial.calls().await?.into_iter();
    let late = calls.filter(|(id, called_at, _)| {
        *called_at > 0
            && arrived
                .get(id)
                .is_some_and(|at| at - called_at > TOO_LATE_MS)
    });
    Ok(late.map(|(id, ..)| id).collect())
}

/// Waits until the changes that KOS applied after they were shown as not applied are marked so; returns
/// those that stay unmarked.
///
/// # Errors
/// The database cannot be read.
pub async fn not_found(trial: &mut Trial, late: &[String]) -> Result<Vec<Violation>> {
    let applied = trial.stand_ins.kos()?.applied;
    let is_applied = |id: &String| applied.iter().any(|change| change.request_id == *id);
    let deadline = Instant::now() + FOUND_WITHIN;
    loop {
        let failed = trial.not_applied().await?;
        let calls = trial.calls().await?;
        let is_marked = |id: &String| calls.iter().any(|(one, _, found)| one == id && *found);
        let unmarked: Vec<&String> = late
            .iter()
            .filter(|id| is_applied(id) && failed.contains(id) && !is_marked(id))
            .collect();
        if unmarked.is_empty() {
            return Ok(Vec::new());
        }
        if Instant::now() > deadline {
            let violation = |id: &&String| Violation {
                law: Law::V4,
                what: format!("{id} was applied too late, and was not found"),
            };
            return Ok(unmarked.iter().map(violation).collect());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
