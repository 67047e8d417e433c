//! `cargo xtask lint`: the project's own rules, formatting, clippy.

use super::{
    bans, cfg_confinement, dependencies, file_length, file_names, fonts, korean, layers, source,
};
use crate::{shell, tools};
use anyhow::{Result, bail};

type Check = fn() -> Result<()>;

/// Runs every check, the quick ones first, even if one fails.
///
/// # Errors
/// Names the checks that failed.
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
        // Not among all targets: these programs do not run with the other tests.
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
    findings.extend(bans::check(&files));
    findings.extend(korean::check(&files));
    findings.extend(fonts::check(&files));
    if findings.is_empty() {
        return Ok(());
    }
    findings.iter().for_each(|finding| eprintln!("{finding}"));
    bail!("{} findings", findings.len())
}
