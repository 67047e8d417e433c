//! `cargo xtask verify`, the part that runs: rigs that try to make five ledgers disagree.
//!
//! ```sh
//! cargo test -p server --test rig -- matrix
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | `laws` | the judge: V1 to V11 over five ledgers |
//! | `simulation` | T1: the real machine under seeds |
//! | `subject` | the real binary, its database and its stand-ins |
//! | `matrix` | T2: death at every place under every behaviour of KOS |
//! | `kills` | random SIGKILLs under random faults |
//! | `planted` | faults that the rigs must find |
//! | `report` | the table |

mod kills;
mod laws;
mod matrix;
mod planted;
mod report;
mod simulation;
mod subject;

use anyhow::Result;
use clap::{Parser, Subcommand};
use report::Report;
use std::{process::ExitCode, time::Instant};
use subject::Backend;

#[derive(Debug, Parser)]
#[command(name = "rig", about = "Tries to make five ledgers disagree")]
struct Cli {
    /// A database on a PostgreSQL server for the rig's own; without it SQLite alone is tried.
    #[arg(
        long,
        global = true,
        env = "PHONEBILL_TEST_POSTGRES_URL",
        hide_env_values = true
    )]
    postgres: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Faults planted on purpose: each must be found.
    Planted {
        #[arg(long, default_value_t = 1)]
        first: u64,
    },
    /// T1: the real machine under seeds, in simulated time.
    Simulate {
        #[arg(long, default_value_t = 20_000)]
        schedules: u64,
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// This one alone, with its trace.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// T2: death at every place, under every behaviour of KOS.
    Matrix {
        /// About so many cells, evenly chosen.
        #[arg(long)]
        cells: Option<usize>,
        /// This one alone.
        #[arg(long)]
        cell: Option<usize>,
    },
    /// SIGKILL after any number of microseconds, again and again, under random faults.
    Kills {
        #[arg(long, default_value_t = 1_000)]
        kills: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

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

async fn run(cli: Cli) -> Result<u64> {
    let mut backends = vec![Backend::Sqlite];
    backends.extend(cli.postgres.map(Backend::Postgres));
    let mut report = Report::new();
    match cli.command {
        Command::Planted { first } => planted::run(first, &mut report)?,
        Command::Simulate {
            schedules,
            first,
            seed,
        } => {
            let begun = Instant::now();
            let (first, schedules) = seed.map_or((first, schedules), |seed| (seed, 1));
            let outcome = simulation::run(first, schedules, simulation::machine::REAL)?;
            report.add("T1 simulation", &outcome, begun.elapsed());
        }
        Command::Matrix { cells, cell } => {
            for backend in backends {
                let begun = Instant::now();
                let name = format!("T2 crash matrix, {backend}");
                let outcome = matrix::run(backend, cells, cell).await?;
                report.add(&name, &outcome, begun.elapsed());
            }
        }
        Command::Kills { kills, seed } => {
            let each = kills.div_ceil(backends.len() as u64);
            for backend in backends {
                let begun = Instant::now();
                let name = format!("T2 random kills, {backend}");
                let outcome = kills::run(backend, each, seed).await?;
                report.add(&name, &outcome, begun.elapsed());
            }
        }
    }
    Ok(report.close())
}
