//! T1, deterministic simulation: the real machine over a ledger in memory and a hostile KOS, on one
//! thread, in simulated time; the seed decides every delay, fault, death and standstill.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `schedule` | runs one seed |
//! | `world`, `time` | chance, trace, time that passes when every task waits |
//! | `life`, `replica`, `machine` | a replica: its lives, its steps, its machine |
//! | `store`, `told_ends`, `ledger` | the rules of the ledger; the ledger as a life sees it |
//! | `kos`, `relay`, `customer` | the others |

mod customer;
pub mod kos;
mod ledger;
mod life;
pub mod machine;
mod relay;
mod replica;
mod schedule;
pub mod store;
mod time;
mod told_ends;
mod world;

pub use schedule::play;
pub use time::{Time, run as run_in};
pub use world::World;

use crate::report::Outcome;
use anyhow::Result;
use machine::Variant;
use std::thread;

/// Every n-th seed runs twice: a seed that does not replay proves nothing.
const AGAIN: u64 = 50;

/// Runs `schedules` seeds on all processors.
///
/// # Errors
/// The rig itself broke.
pub fn run(first: u64, schedules: u64, variant: Variant) -> Result<Outcome> {
    // A single seed is run for its trace.
    let kept = if schedules == 1 { usize::MAX } else { 0 };
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let parts = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let seeds = (first + worker..first + schedules).step_by(workers as usize);
                scope.spawn(move || part(seeds, variant, kept))
            })
            .collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined
            .map(|part| part.unwrap_or_else(|_| Err(anyhow::anyhow!("a schedule panicked"))))
            .collect::<Result<Vec<_>>>()
    })?;
    let mut outcome = Outcome::default();
    for part in parts {
        outcome.tried += part.tried;
        outcome.deaths += part.deaths;
        outcome.changes += part.changes;
        outcome.residue += part.residue;
        outcome.failures.extend(part.failures);
    }
    Ok(outcome)
}

fn part(seeds: impl Iterator<Item = u64>, variant: Variant, kept: usize) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for seed in seeds {
        let played = play(seed, variant, kept)?;
        if seed.is_multiple_of(AGAIN) {
            let again = play(seed, variant, 0)?.trace_hash;
            anyhow::ensure!(again == played.trace_hash, "seed {seed} does not replay");
        }
        outcome.tried += 1;
        outcome.deaths += played.deaths;
        outcome.changes += played.changes;
        outcome.residue += u64::from(!played.residue.is_empty());
        outcome.judge(
            format!("seed {seed}"),
            format!("--seed {seed}"),
            played.violations,
            played.trace,
        );
    }
    Ok(outcome)
}
