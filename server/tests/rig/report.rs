//! The findings of the rigs, as lines for people and `cargo xtask`.

use crate::laws::Violation;
use std::time::Duration;

/// One trial that broke a law.
#[derive(Debug)]
pub struct Failure {
    pub what: String,
    /// The argument that replays it.
    pub replay: String,
    pub violations: Vec<Violation>,
    /// The end of its log or trace.
    pub log: String,
}

/// The outcome of a rig.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Schedules, cells, kills, or whatever else was broken.
    pub tried: u64,
    /// Deaths of the process under test.
    pub deaths: u64,
    /// Changes recorded.
    pub changes: u64,
    /// Trials that died at their exact place.
    pub aimed: u64,
    pub failures: Vec<Failure>,
    /// Trials with a difference that this side cannot prevent (J7): reported, not counted.
    pub residue: u64,
}

impl Outcome {
    /// Keeps the trial if it broke a law; returns whether it did.
    pub fn judge(
        &mut self,
        what: String,
        replay: String,
        violations: Vec<Violation>,
        log: String,
    ) -> bool {
        let failed = !violations.is_empty();
        if failed {
            self.failures.push(Failure {
                what,
                replay,
                violations,
                log,
            });
        }
        failed
    }
}

/// Prints each rig's outcome and the sum.
#[derive(Debug, Default)]
pub struct Report {
    checks: u64,
    differences: u64,
}

impl Report {
    /// The head of the table.
    pub fn new() -> Self {
        println!(
            "{:<28} {:>7} {:>7} {:>8} {:>7} {:>10} {:>7}",
            "rig", "tried", "deaths", "as aimed", "changes", "violations", "seconds"
        );
        Self::default()
    }

    /// Prints a line of the table and the violations.
    pub fn add(&mut self, rig: &str, outcome: &Outcome, took: Duration) {
        let violations: usize = outcome
            .failures
            .iter()
            .map(|one| one.violations.len())
            .sum();
        println!(
            "{rig:<28} {:>7} {:>7} {:>8} {:>7} {violations:>10} {:>7.1}",
            outcome.tried,
            outcome.deaths,
            outcome.aimed,
            outcome.changes,
            took.as_secs_f64()
        );
        if outcome.residue > 0 {
            println!(
                "  J7: in {} a process stood still between its last look at the clock and the socket, \
                 and sent what another one had found not applied",
                outcome.residue
            );
        }
        self.checks += outcome.tried;
        self.differences += violations as u64;
        for failure in outcome.failures.iter().take(5) {
            println!("  {} (replay with {})", failure.what, failure.replay);
            for violation in &failure.violations {
                println!("    {violation}");
            }
            for line in failure.log.lines() {
                println!("    | {line}");
            }
        }
        if outcome.failures.len() > 5 {
            println!("  and {} more", outcome.failures.len() - 5);
        }
    }

    /// Prints a planted fault and whether it was found; one that was not counts as a difference.
    pub fn planted(&mut self, fault: &str, found: bool, how: &str) {
        let verdict = if found { "found" } else { "NOT FOUND" };
        println!("planted: {fault:<26} {verdict} {how}");
        self.checks += 1;
        self.differences += u64::from(!found);
    }

    /// Differences found.
    pub fn close(self) -> u64 {
        let Self {
            checks,
            differences,
        } = self;
        println!("verified: {checks} checks, {differences} differences between the ledgers");
        differences
    }
}
