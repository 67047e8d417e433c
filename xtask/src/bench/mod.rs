//! The cost of the product beside the least it could cost, measured in the same run.
//!
//! The server (and, in turn, each bare handler) has core 0 to itself; the load generator and, in
//! full mode, PostgreSQL, Redis and the stand-ins share the others. The results are ratios:
//! absolute figures hold for one machine on one day.

mod figures;
mod mode;
mod plot;
mod report;

use crate::build::{self, Profile};
use crate::tools;
use crate::{shell, workspace};
use anyhow::{Result, bail};
use figures::Measured;
use mode::Mode;
use std::path::PathBuf;
use std::process::Command;

/// The core of the measured process; `None` if there is only one.
fn server_core() -> Option<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores > 1 && shell::which("taskset").is_some()).then_some(0)
}

/// Measures both modes, prints the table and, unless `quick`, writes it into the documentation.
///
/// # Errors
/// If something does not build or start, or a target is missed.
pub fn bench(quick: bool) -> Result<()> {
    tools::ensure(&tools::for_backends())?;
    let binary = build::build(Profile::Dist)?;
    let load = shell::step("load", build_load)?;
    leave_core_zero()?;
    let mut measured: Vec<(Mode, Measured)> = Vec::new();
    for mode in [Mode::Embedded, Mode::Full] {
        let figures = shell::step(&format!("{} mode", mode.name()), || {
            mode::measure(mode, &binary, &load, quick)
        })?;
        measured.push((mode, figures));
    }
    let report = report::of(&measured)?;
    println!("\n{report}");
    if quick {
        println!("a short run: nothing was written");
    } else {
        report::write(&report, &plot::of(&measured))?;
    }
    let missed = report::missed(&measured);
    if !missed.is_empty() {
        bail!("missed: {}", missed.join("; "));
    }
    Ok(())
}

fn build_load() -> Result<PathBuf> {
    shell::run(shell::cargo().args(["build", "--profile", "dist", "--package", "load"]))?;
    Ok(workspace::target().join("dist/load"))
}

/// Keeps this process, and everything it starts from now on, off core 0.
fn leave_core_zero() -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if server_core().is_none() {
        eprintln!("one core, or no taskset: load and server disturb each other");
        return Ok(());
    }
    let others = format!("1-{}", cores - 1);
    let ourselves = std::process::id().to_string();
    shell::output(Command::new("taskset").args(["-a", "-p", "-c", &others, &ourselves])).map(drop)
}
