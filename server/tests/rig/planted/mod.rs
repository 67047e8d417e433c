//! Planted faults: a rig that does not find them would find nothing.
//!
//! | file | the fault |
//! | --- | --- |
//! | `call_then_record` | KOS is called before anything is recorded, with retries |
//! | `resend` | a call whose answer is lost is repeated |
//! | (`simulation::machine::Variant`) | the caches are invalidated before the outcome is committed |
//! | `guesses` | a failed login is counted after the password was checked |

mod call_then_record;
mod guesses;
mod resend;

use crate::{
    laws::Law,
    report::Report,
    simulation::{
        self,
        machine::{REAL, Variant},
    },
};
use anyhow::Result;
use std::collections::BTreeSet;

/// Seeds within which a planted fault must be found.
const WITHIN: u64 = 60;

/// Plants each fault and reports whether it is found.
///
/// # Errors
/// The rig itself broke.
pub fn run(first: u64, report: &mut Report) -> Result<()> {
    let variants = [
        (
            "call, then record",
            Law::V3,
            Variant {
                build: call_then_record::build,
                ..REAL
            },
        ),
        (
            "resend on time-out",
            Law::V1,
            Variant {
                build: resend::build,
                ..REAL
            },
        ),
        (
            "invalidate before commit",
            Law::V10,
            Variant {
                invalidates_first: true,
                ..REAL
            },
        ),
    ];
    for (name, law, variant) in variants {
        let outcome = simulation::run(first, WITHIN, variant)?;
        let found: BTreeSet<_> = outcome
            .failures
            .iter()
            .flat_map(|failure| failure.violations.iter().map(|found| found.law))
            .collect();
        let seeds = outcome.failures.len();
        report.planted(
            name,
            found.contains(&law),
            &format!("in {seeds} of {WITHIN} seeds, by {found:?}"),
        );
    }
    let most = |guard| guesses::most(first..first + WITHIN, guard);
    let (before, after) = (most(guesses::Guard::Before)?, most(guesses::Guard::After)?);
    report.planted(
        "lock after verify",
        after > guesses::ALLOWED && before == guesses::ALLOWED,
        &format!("{after} passwords looked at; counted before: {before}"),
    );
    Ok(())
}
