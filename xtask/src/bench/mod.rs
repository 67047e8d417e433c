//! The cost of the product beside the least it could cost, measured in the same run.
//!
//! The server (and, in turn, each bare handler) has core 0 to itself; the load generator and, in
//! full mode, PostgreSQL, Redis and the stand-ins share the others. The results are ratios:
//! absolute figures hold for one machine on one day.

mod figures;
mod mode;
mod plot;
mod report;

pub use mode::Length;

use crate::build::{self, Profile};
use crate::test::Tally;
use crate::tools;
use crate::{shell, workspace};
use anyhow::{Result, bail};
use figures::Measured;
use mode::Mode;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The core of the measured process; `None` if there is only one.
fn server_core() -> Option<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores > 1 && shell::which("taskset").is_some()).then_some(0)
}

/// Measures both modes, prints the table and, if it was the whole length, writes it into the documentation.
///
/// # Errors
/// If something does not build or start, or a target is missed.
pub fn bench(length: Length) -> Result<()> {
    tools::ensure(&tools::for_backends())?;
    let binary = build::build(Profile::Dist)?;
    let load = shell::step("load", || build_load("dist"))?;
    leave_core_zero()?;
    let measured = both_modes(&binary, &load, length)?;
    let report = report::of(&measured)?;
    println!("\n{report}");
    if length == Length::Whole {
        report::write(&report, &plot::of(&measured))?;
    } else {
        println!("a short run: nothing was written");
    }
    let missed = report::missed(&measured);
    if !missed.is_empty() {
        bail!("missed: {}", missed.join("; "));
    }
    Ok(())
}

/// Runs all of it for a moment, so that it still works when figures are wanted: each row must be there, and each
/// of its requests answered. How fast does not count.
///
/// # Errors
/// If something does not build, start or answer at all.
pub fn rehearse() -> Result<Tally> {
    tools::ensure(&tools::for_backends())?;
    let binary = build::build(Profile::Release)?;
    let load = shell::step("load", || build_load("release"))?;
    let measured = both_modes(&binary, &load, Length::Rehearsal)?;
    let mut tally = Tally::default();
    for (mode, figures) in &measured {
        for row in &figures.rows {
            if !row.all_answered() {
                let (mode, name) = (mode.name(), &row.name);
                eprintln!(
                    "{mode}: {name}: {} answered, {} failed",
                    row.answered, row.failed
                );
            }
            tally.count(row.all_answered());
        }
    }
    // Every figure of the tables can be read off.
    report::of(&measured)?;
    Ok(tally)
}

fn both_modes(binary: &Path, load: &Path, length: Length) -> Result<Vec<(Mode, Measured)>> {
    let measure = |mode: Mode| {
        let figures = shell::step(&format!("{} mode", mode.name()), || {
            mode::measure(mode, binary, load, length)
        })?;
        Ok((mode, figures))
    };
    [Mode::Embedded, Mode::Full]
        .into_iter()
        .map(measure)
        .collect()
}

fn build_load(profile: &str) -> Result<PathBuf> {
    shell::run(shell::cargo().args(["build", "--profile", profile, "--package", "load"]))?;
    Ok(workspace::target().join(profile).join("load"))
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
