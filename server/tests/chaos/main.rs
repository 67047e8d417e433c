//! What customers notice of faults: every route is under constant load while one system after the other
//! fails, and each answer is compared with what is expected of it (`docs/CHAOS.md`).
//!
//! ```sh
//! cargo xtask chaos                     # starts a PostgreSQL for this, then this
//! cargo xtask chaos --fault "KOS hang"
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | `faults` | the rows: the faults, and the answers each allows |
//! | `routes` | the columns |
//! | `expected` | the expectation for a cell |
//! | `world` | the product and its surroundings |
//! | `servers` | PostgreSQL and Redis behind fault proxies, and their faults |
//! | `postgres`, `redis` | each of the two: stopped, killed, locked, full |
//! | `customers` | the askers, and lines that were never asked for |
//! | `site` | requests and answers |
//! | `load` | constant load, with every answer kept |
//! | `outage` | a long outage of KOS under load, measured |
//! | `sold` | the shipped settings |
//! | `exported`, `footprint` | the product's metrics, and its resources |
//! | `ledgers` | KOS's ledger against the record and the customers |
//! | `judge` | answers against expectations; false expectations that must be found |
//! | `spoilt` | planted faults that the matrix must find |
//! | `table` | the matrix |

#[path = "../binary.rs"]
mod binary;
mod customers;
mod expected;
mod exported;
mod faults;
mod footprint;
mod judge;
mod kind;
mod ledgers;
mod load;
mod outage;
mod postgres;
mod postmaster;
#[expect(
    dead_code,
    reason = "the rig also lets a process die, stand still and decide"
)]
#[path = "../rig/subject/process.rs"]
mod process;
mod redis;
mod routes;
mod servers;
#[path = "../signals.rs"]
mod signals;
mod site;
mod sold;
mod spoilt;
mod table;
mod world;

use anyhow::{Result, ensure};
use clap::Parser;
use faults::{Counted, FAULTS, Fault};
use judge::{Planted, Row};
use load::{Load, Record};
use outage::Outage;
use spoilt::SPOILT;
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use table::Table;
use world::World;

/// The time without faults, as the baseline.
const QUIET: Duration = Duration::from_secs(8);
/// On a busy machine, Redis may now and then exceed the time limit of an operation.
const FAILURES_OF_A_BUSY_MACHINE: u64 = 3;
/// Time limit of a recovery.
const RECOVERS_WITHIN: Duration = Duration::from_secs(45);

#[derive(Debug, Parser)]
#[command(name = "chaos", about = "Breaks what the product stands on")]
struct Cli {
    /// An empty database; without it SQLite and the cache in the process.
    #[arg(long)]
    postgres: Option<String>,
    /// Only faults whose name has this in it.
    #[arg(long)]
    fault: Vec<String>,
}

impl Cli {
    fn wants(&self, name: &str) -> bool {
        let named = |part: &String| name.to_lowercase().contains(&part.to_lowercase());
        self.fault.is_empty() || self.fault.iter().any(named)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything was as expected.
async fn run(cli: Cli) -> Result<bool> {
    let of_matrix = FAULTS.iter().any(|fault| cli.wants(fault.name));
    let under_load = cli.wants(outage::NAME);
    ensure!(of_matrix || under_load, "no fault has that name");
    let mut planted = Planted::default();
    let mut is_as_written = true;
    if of_matrix {
        is_as_written &= matrix(&cli, &mut planted).await?;
    }
    if under_load {
        eprintln!("{} … ", outage::NAME);
        let outage = Outage::endure(&cli.postgres, &mut planted).await?;
        println!("{outage}");
        is_as_written &= outage.is_within();
    }
    println!("{planted}");
    Ok(is_as_written && planted.all_found())
}

/// Whether every route was as expected under every fault.
async fn matrix(cli: &Cli, planted: &mut Planted) -> Result<bool> {
    let mut world = World::start(cli.postgres.clone(), &[]).await?;
    let wanted: Vec<&Fault> = FAULTS
        .iter()
        .filter(|fault| world.has(fault.needs) && cli.wants(fault.name))
        .collect();
    ensure!(!wanted.is_empty(), "no fault has that name here");
    let load = Load::begin(world.customers().await?).await?;
    let begun = Instant::now();
    let mut counted = Vec::new();
    for fault in &wanted {
        counted.push(count(fault, &world).await?);
    }
    tokio::time::sleep(QUIET).await;
    let quiet = Record::of(&load, begun, Instant::now());
    for (fault, before) in wanted.iter().zip(counted) {
        if fault.counted.is_some() {
            let name = format!("{}: a fault that is none", fault.name);
            planted.tried(name, was_none(count(fault, &world).await? - before));
        }
    }
    let mut table = Table::new(&quiet);
    ensure!(quiet.is_well(), "not even without a fault:\n{table}");
    for fault in &wanted {
        eprint!("{} … ", fault.name);
        let row = endure(fault, &mut world, &load, &quiet).await?;
        planted.plant(fault, &row, &quiet);
        eprintln!("{}", table.add(fault, &row));
    }
    let changes = world.ledgers(load.finish().await).await?;
    world.stop().await?;
    println!("{table}");
    println!("{changes}");
    planted.plant_in_ledgers(&changes);
    for spoilt in SPOILT {
        if wanted.iter().any(|fault| fault.name == spoilt.fault) {
            eprint!("{} … ", spoilt.name);
            let found = spoilt.is_found(cli.postgres.clone()).await?;
            eprintln!("{}", if found { "found" } else { "NOT FOUND" });
            planted.tried(spoilt.name, found);
        }
    }
    Ok(table.is_as_written() && changes.agree())
}

/// Runs one row.
///
/// # Errors
/// The product has ended, or the fault had no effect.
async fn endure(fault: &Fault, world: &mut World, load: &Load, quiet: &Record) -> Result<Row> {
    let before = count(fault, world).await?;
    let trouble = world.begin(fault.kind).await?;
    tokio::time::sleep(fault.settles).await;
    let begun = Instant::now();
    tokio::time::sleep(fault.lasts).await;
    let over = Instant::now();
    world.end(fault.kind, trouble).await?;
    let cache_back_in = world.exported.cache_answers_within(RECOVERS_WITHIN).await?;
    while over.elapsed() < RECOVERS_WITHIN && !load.is_well_since(over) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.still_lives(fault.name)?;
    let counted = count(fault, world).await? - before;
    ensure!(
        fault.counted.is_none() || !was_none(counted),
        "{} was none: {counted} counted",
        fault.name
    );
    let during = Record::of(load, begun, over);
    let after = Record::of(load, over, Instant::now());
    Ok(Row {
        cache_back_in,
        ..judge::row(&during, &after, quiet, over)
    })
}

/// What shows that the fault was one, counted so far.
async fn count(fault: &Fault, world: &World) -> Result<u64> {
    match fault.counted {
        Some(Counted::Failures(series)) => world.exported.failures(series).await,
        Some(Counted::KeysFlushed) => Ok(world.keys_flushed()),
        None => Ok(0),
    }
}

/// Whether so little was counted that there was no fault.
fn was_none(counted: u64) -> bool {
    counted <= FAILURES_OF_A_BUSY_MACHINE
}
