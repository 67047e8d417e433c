//! The program behind `cargo xtask verify`: rigs that try to make five ledgers disagree
//! (`docs/VERIFY.md`).
//!
//! ```sh
//! cargo test -p server --test rig -- simulate --seed 86
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | `laws` | the judge: V1 to V11 over five ledgers |
//! | `planted` | faults that the rigs must find |
//! | `agreement` | the ledger of the simulation, compared with the SQL |
//! | `simulation` | T1: the real machine under seeds |
//! | `subject` | the real binary, its database and its stand-ins |
//! | `matrix` | T2: death at every place under every behaviour of KOS |
//! | `kills` | random SIGKILLs under random faults |
//! | `standstill` | replicas that are killed and stopped |
//! | `soak` | T4: availability of three replicas while everything breaks in turn |
//! | `arguments`, `report` | the command line; the table |

mod agreement;
mod arguments;
#[path = "../binary.rs"]
mod binary;
mod kills;
mod laws;
mod matrix;
mod planted;
mod report;
#[path = "../signals.rs"]
mod signals;
mod simulation;
mod soak;
mod standstill;
mod subject;

use anyhow::Result;
use arguments::{Cli, Command};
use clap::Parser;
use report::{Outcome, Report};
use simulation::machine::REAL;
use std::{process::ExitCode, time::Instant};
use subject::Backend;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("rig: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the number of differences.
async fn run(cli: Cli) -> Result<u64> {
    let mut backends = vec![Backend::Sqlite];
    backends.extend(cli.postgres.map(Backend::Postgres));
    let mut report = Report::new();
    match cli.command {
        Command::Planted => plant(&mut report).await?,
        Command::Agreement { steps, first } => {
            agree(&mut report, &backends, steps, first).await?;
        }
        Command::Simulate {
            seed: Some(seed), ..
        } => simulate(&mut report, seed, 1)?,
        Command::Simulate {
            first, schedules, ..
        } => simulate(&mut report, first, schedules)?,
        Command::Matrix { cells, cell } => {
            matrices(&mut report, &backends, cells, cell).await?;
        }
        Command::Kills { kills, seed } => random_kills(&mut report, &backends, kills, seed).await?,
        Command::Standstill { stops, seed } => {
            stand_still(&mut report, &backends, cli.redis.as_deref(), stops, seed).await?;
        }
        Command::Soak { minutes, seed } => soaked(&mut report, &backends, minutes, seed).await?,
        Command::All(amount) => {
            plant(&mut report).await?;
            agree(&mut report, &backends, amount.steps(), amount.first).await?;
            simulate(&mut report, amount.first, amount.schedules())?;
            matrices(&mut report, &backends, amount.cells(), None).await?;
            random_kills(&mut report, &backends, amount.kills(), amount.first).await?;
            let redis = cli.redis.as_deref();
            stand_still(&mut report, &backends, redis, amount.stops(), amount.first).await?;
            soaked(&mut report, &backends, amount.minutes(), amount.first).await?;
        }
    }
    Ok(report.close())
}

async fn plant(report: &mut Report) -> Result<()> {
    planted::run(1, report)?;
    for (name, found) in agreement::planted(1).await? {
        let how = found.as_deref().unwrap_or("by any step");
        report.planted(name, found.is_some(), how);
    }
    Ok(())
}

async fn agree(report: &mut Report, backends: &[Backend], steps: u64, seed: u64) -> Result<()> {
    for backend in backends {
        let begun = Instant::now();
        let outcome = agreement::run(backend, steps, seed).await?;
        add(report, "T1 ledger", backend, &outcome, begun);
    }
    Ok(())
}

/// Needs a database and a cache that replicas can share.
async fn stand_still(
    report: &mut Report,
    backends: &[Backend],
    redis: Option<&str>,
    stops: u64,
    seed: u64,
) -> Result<()> {
    let shared = |backend: &&Backend| matches!(backend, Backend::Postgres(_));
    let (Some(backend), Some(redis)) = (backends.iter().find(shared), redis) else {
        println!("T2 replicas: skipped, without PostgreSQL and Redis");
        return Ok(());
    };
    let begun = Instant::now();
    let outcome = standstill::run(backend.clone(), redis, stops, seed).await?;
    add(report, "T2 three replicas", backend, &outcome, begun);
    Ok(())
}

/// Needs a database that replicas can share.
async fn soaked(report: &mut Report, backends: &[Backend], minutes: u64, seed: u64) -> Result<()> {
    let shared = |backend: &&Backend| matches!(backend, Backend::Postgres(_));
    let Some(backend) = backends.iter().find(shared) else {
        println!("T4 soak: skipped, without PostgreSQL");
        return Ok(());
    };
    let found = soak::finds_a_single_replica(backend).await?;
    report.planted("a single replica", found, "killed once");
    let begun = Instant::now();
    let outcome = soak::run(backend, minutes, seed).await?;
    add(report, "T4 soak", backend, &outcome, begun);
    Ok(())
}

fn simulate(report: &mut Report, first: u64, schedules: u64) -> Result<()> {
    let begun = Instant::now();
    let outcome = simulation::run(first, schedules, REAL)?;
    report.add("T1 simulation", &outcome, begun.elapsed());
    Ok(())
}

async fn matrices(
    report: &mut Report,
    backends: &[Backend],
    cells: Option<usize>,
    cell: Option<usize>,
) -> Result<()> {
    let each = cells.map(|cells| cells.div_ceil(backends.len()));
    for backend in backends {
        let begun = Instant::now();
        let outcome = matrix::run(backend.clone(), each, cell).await?;
        add(report, "T2 crash matrix", backend, &outcome, begun);
    }
    Ok(())
}

async fn random_kills(
    report: &mut Report,
    backends: &[Backend],
    kills: u64,
    seed: u64,
) -> Result<()> {
    let each = kills.div_ceil(backends.len() as u64);
    for backend in backends {
        let begun = Instant::now();
        let outcome = kills::run(backend.clone(), each, seed).await?;
        add(report, "T2 random kills", backend, &outcome, begun);
    }
    Ok(())
}

fn add(report: &mut Report, rig: &str, backend: &Backend, outcome: &Outcome, begun: Instant) {
    report.add(&format!("{rig}, {backend}"), outcome, begun.elapsed());
}
