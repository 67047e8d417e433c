//! Formatting, clippy for both targets, and the project's own rules.
//!
//! - [`dependencies`]: the direction between crates, and between the server's modules
//! - [`file_length`], [`file_names`]: files that stay readable, named after what they hold
//! - [`cfg_confinement`]: feature gates of `app` only where its modules are wired
//! - [`migrations`]: the same tables and columns on both databases
//! - [`bans`]: words that do not belong in the product's code
//! - [`korean`]: Korean only in the catalogue, the generated data and tests
//! - [`fonts`]: the web font has what the catalogue says
//!
//! Each own rule is a function from [`source::SourceFile`]s to [`Finding`]s, with a test
//! that plants a fault.

mod bans;
mod cfg_confinement;
mod dependencies;
mod file_length;
mod file_names;
mod fonts;
mod korean;
mod layers;
mod migrations;
mod source;

use crate::{shell, tools};
use anyhow::{Result, bail};
use std::fmt;

/// One broken rule at one place.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub path: String,
    /// Counted from 1; 0 when the whole file is meant.
    pub line: usize,
    pub message: String,
}

impl Finding {
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.message),
            line => write!(out, "{}:{line}: {}", self.path, self.message),
        }
    }
}

type Check = fn() -> Result<()>;

/// The quick checks first; all of them even when one fails.
pub fn lint() -> Result<()> {
    tools::ensure(&tools::for_lint())?;
    let checks: [(&str, Check); 5] = [
        ("own rules", own_rules),
        ("rustfmt", || {
            shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
        }),
        ("clippy, server side", || {
            clippy(&["--workspace", "--exclude", "frontend", "--all-targets"])
        }),
        // Not among all targets, because they are no tests to be run with the others.
        ("clippy, rigs", || {
            clippy(&[
                "--workspace",
                "--exclude",
                "frontend",
                "--test",
                "rig",
                "--test",
                "replicas",
                "--test",
                "chaos",
            ])
        }),
        ("clippy, browser side", || {
            clippy(&[
                "--package",
                "app",
                "--package",
                "frontend",
                "--target",
                tools::rust_part::WASM,
            ])
        }),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        if let Err(error) = shell::step(name, check) {
            shell::fail_if_interrupted()?;
            eprintln!("{error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("lint: {}", failed.join(", "));
    }
    Ok(())
}

fn clippy(arguments: &[&str]) -> Result<()> {
    let mut cargo = shell::cargo();
    shell::run(
        cargo
            .args(["clippy", "--keep-going"])
            .args(arguments)
            .args(["--", "--deny", "warnings"]),
    )
}

fn own_rules() -> Result<()> {
    let files = source::load()?;
    let mut findings = dependencies::check()?;
    findings.extend(layers::check(&files));
    findings.extend(file_length::check(&files));
    findings.extend(file_names::check(&files));
    findings.extend(cfg_confinement::check(&files));
    findings.extend(migrations::check(&files));
    findings.extend(bans::check(&files));
    findings.extend(korean::check(&files));
    findings.extend(fonts::check(&files));
    if findings.is_empty() {
        return Ok(());
    }
    findings.iter().for_each(|finding| eprintln!("{finding}"));
    bail!("{} findings", findings.len())
}
