//! Everything that must pass before a change lands, and one closing line.

use crate::services::{postgres::Postgres, postgres_log, redis::Redis};
use crate::{bench, e2e, lint, replicas, shell, tools, verify};
use anyhow::{Result, bail};

/// The numbers of passed and failed tests, read from the runners' closing lines.
#[derive(Debug, Default, PartialEq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    broken: Vec<String>,
}

impl Tally {
    /// Adds the numbers of another runner.
    pub fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.broken.extend_from_slice(&other.broken);
    }

    /// Counts one check.
    pub fn count(&mut self, passed: bool) {
        self.passed += u64::from(passed);
        self.failed += u64::from(!passed);
    }

    /// Counts a runner that failed without naming a failed test as one failure.
    pub fn close(&mut self, runner: &str, success: bool) {
        if !success {
            self.failed = self.failed.max(1);
            self.broken.push(runner.to_owned());
        }
    }

    /// Prints the closing line.
    ///
    /// # Errors
    /// If anything failed.
    pub fn into_result(self) -> Result<()> {
        if !self.broken.is_empty() {
            println!("\nfailed: {}", self.broken.join(", "));
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 || !self.broken.is_empty() {
            bail!("not everything passed");
        }
        Ok(())
    }

    /// `Summary [   0.1s] 12 tests run: 11 passed, 1 failed, 0 skipped`
    fn read_nextest(&mut self, line: &str) {
        if let Some((_, counts)) = line
            .split_once("tests run:")
            .or(line.split_once("test run:"))
            && line.contains("Summary")
        {
            self.passed += count_before(counts, "passed");
            self.failed += count_before(counts, "failed") + count_before(counts, "timed out");
        }
    }

    /// `test result: ok. 3 passed; 0 failed; 0 ignored; …`
    fn read_cargo_test(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count_before(counts, "passed");
            self.failed += count_before(counts, "failed");
        }
    }

    /// `verified: 2104 checks, 0 differences between the ledgers`
    pub fn read_rig(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("verified: ") {
            let differences = count_before(counts, "differences");
            let checks = count_before(counts, "checks");
            self.passed += checks.saturating_sub(differences);
            self.failed += differences;
        }
    }

    /// `  12 passed (3.4s)`, `  1 failed`, `  1 flaky`, `  2 did not run`
    pub fn read_playwright(&mut self, line: &str) {
        let line = line
            .strip_prefix("  ")
            .filter(|line| line.starts_with(char::is_numeric));
        let Some((number, rest)) = line.and_then(|line| line.split_once(' ')) else {
            return;
        };
        let Ok(number) = number.parse::<u64>() else {
            return;
        };
        match rest.split(" (").next() {
            Some("passed") => self.passed += number,
            Some("failed" | "flaky" | "did not run" | "interrupted") => self.failed += number,
            _ => {}
        }
    }
}

fn count_before(counts: &str, word: &str) -> u64 {
    let before = counts.find(word).map(|at| counts[..at].trim_end());
    let number = before.and_then(|before| before.rsplit([' ', ';', ',', '.']).next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Lint, the workspace's tests, the short forms of verify and replicas, the browser tests, a rehearsal of the
/// bench; all of them even if an earlier one fails, so that one run reports everything.
pub fn test() -> Result<()> {
    // What cannot be installed is told now, not after half an hour.
    tools::ensure(&tools::for_replicas())?;
    tools::ensure(&tools::for_browser())?;
    let mut tally = Tally::default();
    run_stage(&mut tally, "lint", || {
        lint::lint().map(|()| Tally::default())
    })?;
    run_stage(&mut tally, "workspace tests", workspace_tests)?;
    run_stage(&mut tally, "verify", || {
        verify::verify(&verify::Wanted::short())
    })?;
    run_stage(&mut tally, "replicas", || {
        let few = "--restarts=6".to_owned();
        replicas::replicas(&[few]).map(|()| Tally::default())
    })?;
    run_stage(&mut tally, "browser tests", || e2e::e2e(&[]))?;
    run_stage(&mut tally, "rehearsal of the bench", bench::rehearse)?;
    tally.into_result()
}

fn run_stage(sum: &mut Tally, name: &str, stage: impl FnOnce() -> Result<Tally>) -> Result<()> {
    let tally = stage().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        let mut tally = Tally::default();
        tally.close(name, false);
        tally
    });
    sum.add(&tally);
    shell::fail_if_interrupted()
}

fn workspace_tests() -> Result<Tally> {
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    // `frontend` is for the browser only: linted for wasm, run by the browser tests.
    let workspace = ["--workspace", "--exclude", "frontend"];
    let cargo = |arguments: &[&str]| {
        let mut cargo = shell::cargo();
        cargo
            .args(arguments)
            .args(workspace)
            .env("PHONEBILL_TEST_POSTGRES_URL", postgres.url("tests"))
            .env("PHONEBILL_TEST_REDIS_URL", redis.url())
            .env("PHONEBILL_REQUIRE_BACKENDS", "1");
        cargo
    };
    let mut tally = Tally::default();
    let has_nextest = shell::output(shell::cargo().args(["nextest", "--version"])).is_ok();
    eprintln!("\n==> tests of the workspace");
    if has_nextest {
        let status = shell::tee(&mut cargo(&["nextest", "run"]), |line| {
            tally.read_nextest(line)
        })?;
        tally.close("cargo nextest", status.success());
        let status = shell::tee(&mut cargo(&["test", "--doc"]), |line| {
            tally.read_cargo_test(line)
        })?;
        tally.close("cargo test --doc", status.success());
    } else {
        let status = shell::tee(&mut cargo(&["test", "--no-fail-fast"]), |line| {
            tally.read_cargo_test(line)
        })?;
        tally.close("cargo test", status.success());
    }
    let log = postgres.log()?;
    let complaints = postgres_log::complaints(&log);
    for complaint in &complaints {
        eprintln!("PostgreSQL: {complaint}");
    }
    tally.close("the log of PostgreSQL", complaints.is_empty());
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_all_runners_are_summed() {
        let mut tally = Tally::default();
        tally.read_nextest("     Summary [   0.108s] 12 tests run: 10 passed, 2 failed, 1 skipped");
        tally.read_nextest("        PASS [   0.01s] server it::reads_12 tests run: 9 passed");
        tally.read_cargo_test("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured");
        tally.read_rig("verified: 9 checks, 2 differences between the ledgers");
        for line in [
            "  7 passed (4.2s)",
            "  1 failed",
            "  2 skipped",
            "  1 did not run",
            "x 5 failed",
        ] {
            tally.read_playwright(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 27,
                failed: 6,
                broken: vec![]
            }
        );
    }

    #[test]
    fn a_runner_that_breaks_before_its_first_test_is_a_failure() {
        let mut tally = Tally::default();
        tally.close("cargo nextest", false);
        assert_eq!(tally.failed, 1);
        assert!(tally.into_result().is_err());
    }
}
