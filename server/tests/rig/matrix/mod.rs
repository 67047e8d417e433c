//! T2, the crash matrix: the real binary dies at each place where something becomes durable or is
//! sent, under each behaviour of KOS, and its recovery dies too.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `behaviour` | the behaviours of KOS, and the places each leads past |
//! | `cell` | one place, one behaviour, one death of the recovery |

mod behaviour;
mod cell;

use crate::{
    laws::{Law, Violation},
    report::Outcome,
    subject::{Backend, Seeded, Verdict},
};
use anyhow::Result;
use behaviour::Reach;
use cell::Cell;
use futures::{StreamExt, stream};
use std::sync::Mutex;

/// Cells run at once: they mostly wait for time limits.
const AT_ONCE: usize = 12;

const TRIES: u32 = 3;

/// Runs every cell, or about `limit` of them, evenly chosen. KOS's capabilities and the place where the
/// recovery dies differ between databases.
///
/// # Errors
/// The rig itself broke.
pub async fn run(backend: Backend, limit: Option<usize>, only: Option<usize>) -> Result<Outcome> {
    let turn = usize::from(matches!(backend, Backend::Postgres(_)));
    let seeded = Seeded::make(backend, AT_ONCE).await?;
    let all = Cell::all(turn);
    let step = limit.map_or(1, |limit| (all.len() / limit.max(1)).max(1));
    let chosen = all
        .into_iter()
        .filter(|cell| only.map_or(cell.number.is_multiple_of(step), |n| cell.number == n));
    let places = Mutex::new((0..AT_ONCE).collect::<Vec<_>>());
    let outcomes = stream::iter(chosen)
        .map(|cell| {
            let (seeded, places) = (&seeded, &places);
            async move {
                let place = take(places)?;
                let verdict = insist(&cell, seeded, place).await;
                put_back(places, place);
                anyhow::Ok((cell, verdict?))
            }
        })
        .buffer_unordered(AT_ONCE);
    let mut outcome = Outcome::default();
    let mut outcomes = std::pin::pin!(outcomes);
    while let Some(done) = outcomes.next().await {
        let (cell, (mut verdict, reached)) = done?;
        if cell.reach == Reach::Always && !reached {
            verdict.violations.push(Violation {
                law: Law::Rig,
                what: "it did not die where it was to die".into(),
            });
        }
        outcome.tried += 1;
        outcome.deaths += verdict.deaths;
        outcome.changes += verdict.changes;
        outcome.aimed += u64::from(reached);
        outcome.judge(
            cell.to_string(),
            format!("--cell {}", cell.number),
            verdict.violations,
            verdict.log,
        );
    }
    Ok(outcome)
}

/// Runs the cell, again if a busy machine made it miss its place; a contradiction is never retried.
async fn insist(cell: &Cell, seeded: &Seeded, place: usize) -> Result<(Verdict, bool)> {
    for _ in 1..TRIES {
        match cell.run(seeded, place).await {
            Ok((verdict, reached)) if reached || cell.reach != Reach::Always => {
                return Ok((verdict, reached));
            }
            Ok((verdict, _)) if !verdict.violations.is_empty() => return Ok((verdict, false)),
            // It missed its place, or the machine was too slow for the rig.
            Ok(_) | Err(_) => {}
        }
    }
    cell.run(seeded, place).await
}

fn take(places: &Mutex<Vec<usize>>) -> Result<usize> {
    let mut places = places
        .lock()
        .map_err(|_| anyhow::anyhow!("a cell panicked"))?;
    places
        .pop()
        .ok_or_else(|| anyhow::anyhow!("no place is free"))
}

fn put_back(places: &Mutex<Vec<usize>>, place: usize) {
    if let Ok(mut places) = places.lock() {
        places.push(place);
    }
}
