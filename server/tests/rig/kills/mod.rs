//! Random deaths: SIGKILL after random microseconds and an immediate restart, while customers change
//! every line, KOS and the AP server misbehave, and connections to them and the database are cut.

mod ways;

use crate::{
    report::Outcome,
    subject::{Backend, Customers, Seeded, StandIns, Trial, Waited, each_with_chance},
};
use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use simulator::FaultRule;
use std::time::{Duration, Instant};
use ways::Ways;

/// Deaths before all ledgers are compared and the next round begins.
const ROUND: u64 = 100;
/// The shortest life, in microseconds.
const SHORTEST: u64 = 2_000;
/// The longest life, in multiples of the start-up time, so that a busy machine gets as far as an idle
/// one.
const LONGEST: u128 = 3;

/// Kills the product `kills` times.
///
/// # Errors
/// The rig itself broke.
pub async fn run(backend: Backend, kills: u64, seed: u64) -> Result<Outcome> {
    let seeded = Seeded::make(backend, 1).await?;
    let mut outcome = Outcome::default();
    let mut round = 0;
    while outcome.tried < kills {
        let count = ROUND.min(kills - outcome.tried);
        let seed = seed.wrapping_add(round);
        let verdict = self::round(&seeded, count, seed)
            .await
            .with_context(|| format!("seed {seed}"))?;
        outcome.tried += count;
        outcome.deaths += verdict.deaths;
        outcome.changes += verdict.changes;
        outcome.judge(
            format!("{count} deaths from seed {seed}"),
            format!("kills --kills {count} --seed {seed}"),
            verdict.violations,
            verdict.log,
        );
        round += 1;
    }
    Ok(outcome)
}

async fn round(seeded: &Seeded, kills: u64, seed: u64) -> Result<crate::subject::Verdict> {
    let mut chance = StdRng::seed_from_u64(seed);
    let stand_ins = StandIns::start(seed.is_multiple_of(2), faults(seed)?).await?;
    let mut trial = Trial::begin(seeded, 0, stand_ins).await?;
    let ways = Ways::between(&mut trial.setup, seed)?;
    let customers = Customers::start(&trial.customer, &seeded.lines, seed);
    for _ in 0..kills {
        ways.change(&mut chance);
        let begun = Instant::now();
        if let Some(origin) = trial.live(None).await? {
            customers.send_to(vec![origin]);
        }
        let longest = u64::try_from(LONGEST * begun.elapsed().as_micros())?;
        let life = Duration::from_micros(chance.random_range(SHORTEST..SHORTEST + longest));
        tokio::time::sleep(life).await;
        trial.kill().await?;
    }
    ways.calm();
    trial.stand_ins.simulator.faults().clear();
    let origin = trial.live(None).await?.context("the last life died")?;
    customers.send_to(vec![origin.clone()]);
    let waiting = customers.finish();
    let waited = trial.wait(|| waiting.is_finished()).await?;
    anyhow::ensure!(waited != Waited::Died, "the last life died");
    let customer = trial.customer.clone();
    for id in trial.changes().await? {
        customer.look(&origin, &id).await;
    }
    for line in &seeded.lines {
        customer.choose(&origin, &line.id, &line.number).await;
    }
    trial.verdict().await
}

/// The faults, with the percentage of calls.
fn faults(seed: u64) -> Result<Vec<FaultRule>> {
    let rules = [
        "kos.change=lost_answer%8",
        "kos.change=error_after:500%6",
        "kos.change=error_before:500%6",
        "kos.change=refuse:2099%6",
        "kos.change=delay:600%4",
        "kos.change=hang%3",
        "kos.change=hang_after%3",
        "kos.change=reset%4",
        "kos.change=half_body%4",
        "kos.change=garbage%4",
        "kos.change=duplicate_delivery%4",
        "kos.product=delay:40%10",
        "kos.product=error_before:500%3",
        "ap=lost_answer%10",
        "ap=error_before:500%10",
        "ap=hang%2",
    ];
    each_with_chance(&rules, seed)
}
