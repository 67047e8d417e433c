//! The browser tests, run twice: on the embedded default (SQLite, memory), and on PostgreSQL with
//! Redis.

use crate::build::{self, Profile};
use crate::services::{phonebill::Phonebill, postgres::Postgres, redis::Redis};
use crate::test::Tally;
use crate::tools::{self, system};
use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::path::Path;

/// # Errors
/// If something needed cannot be installed, built or started; failing tests are in the tally.
pub fn e2e(playwright_arguments: &[String]) -> Result<Tally> {
    tools::ensure(&tools::for_browser())?;
    tools::ensure(&tools::for_backends())?;
    let binary = build::build(Profile::Release)?;
    let mut tally = suite("default", &binary, &[], playwright_arguments)?;

    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    postgres.create_database("e2e")?;
    let full = [
        ("DATABASE_URL", postgres.url("e2e")),
        ("REDIS_URL", redis.url()),
        ("PHONEBILL_PROFILE", "demo".to_owned()),
    ];
    tally.add(&suite("full", &binary, &full, playwright_arguments)?);
    Ok(tally)
}

fn suite(
    mode: &str,
    binary: &Path,
    environment: &[(&str, String)],
    arguments: &[String],
) -> Result<Tally> {
    let chromium = system::chromium_path().context("Chromium is not installed")?;
    eprintln!("\n==> browser tests, {mode} mode");
    let log = workspace::target().join("e2e").join(format!("{mode}.log"));
    let server = Phonebill::start(binary, log, environment)?;
    let mut tally = Tally::default();
    let folder = workspace::root().join("end2end");
    let mut playwright = shell::command(folder.join("node_modules/.bin/playwright"));
    playwright
        .arg("test")
        .args(arguments)
        .current_dir(&folder)
        .env("PHONEBILL_URL", server.url())
        .env("PHONEBILL_MODE", mode)
        .env("CHROMIUM", chromium);
    let status = shell::tee(&mut playwright, |line| tally.read_playwright(line))?;
    tally.close("playwright", status.success());
    if !status.success() {
        eprintln!("phonebill's last words:\n{}", server.last_words());
    }
    Ok(tally)
}
