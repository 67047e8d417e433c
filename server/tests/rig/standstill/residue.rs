//! J7: a process that stood still between its last look at the clock and the socket sends what
//! another one has meanwhile found not applied. Nobody can prevent it; it has to be found.

use crate::{
    laws::{Law, Violation},
    subject::Trial,
};
use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// A sender looks at the clock two seconds after its commit at the latest, and then connects. KOS
/// notes arrivals to the second.
const TOO_LATE_MS: i64 = 2_000 + 400 - 1_000;
/// The first look comes a minute after the end, and looks for work every ten seconds.
const FOUND_WITHIN: Duration = Duration::from_secs(100);

/// Changes that arrived at KOS later than a process that does not stand still sends anything.
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

/// Waits until those that KOS applied although they were told as not applied are marked as such;
/// what stays unmarked.
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
                what: format!("{id} was applied too late, and nobody found it"),
            };
            return Ok(unmarked.iter().map(violation).collect());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
