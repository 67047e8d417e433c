//! `cargo xtask verify`, the part that runs: rigs that try to make five ledgers disagree
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
//! | `simulation` | T1: the real machine under seeds |
//! | `subject` | the real binary, its database and its stand-ins |
//! | `matrix` | T2: death at every place under every behaviour of KOS |
//! | `kills` | random SIGKILLs under random faults |
//! | `arguments`, `report` | what is asked for; the table |

mod arguments;
mod kills;
mod laws;
mod matrix;
mod planted;
mod report;
mod simulation;
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

/// The number of differences.
async fn run(cli: Cli) -> Result<u64> {
    let mut backends = vec![Backend::Sqlite];
    backends.extend(cli.postgres.map(Backend::Postgres));
    let mut report = Report::new();
    match cli.command {
        Command::Planted => planted::run(1, &mut report)?,
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
        Command::All(amount) => {
            planted::run(1, &mut report)?;
            simulate(&mut report, amount.first, amount.schedules())?;
            matrices(&mut report, &backends, amount.cells(), None).await?;
            random_kills(&mut report, &backends, amount.kills(), amount.first).await?;
        }
    }
    Ok(report.close())
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
