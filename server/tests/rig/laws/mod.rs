//! The judge: finds every contradiction between five ledgers. Pure.
//!
//! | file | laws |
//! | --- | --- |
//! | `ledgers` | the ledgers: KOS, the database, the chain, the AP server, what customers were shown |
//! | `applied` | V1–V4: KOS's ledger against the record |
//! | `delivered` | V5, V9: history, chain, what the AP server received |
//! | `moments` | V6, V11: snapshots of the record during a run |
//! | `told` | V2, V7, V8, V10, V11: what customers were shown |

mod applied;
mod delivered;
pub mod ledgers;
mod moments;
mod told;

use ledgers::Ledgers;
use std::fmt;

/// The invariants of a plan change, by the numbers of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// KOS applies an intent at most once, to the plan that the record names; nothing is sent without a
    /// row.
    V1,
    /// Shown as completed: applied.
    V2,
    /// Applied: `COMPLETED` in the record once all has settled; nothing stays open.
    V3,
    /// Shown or recorded as failed: never applied.
    V4,
    /// One chained history event per outcome; the AP server has it once, with the same content.
    V5,
    /// A line has at most one open change.
    V6,
    /// Everything answered 2xx is in the record.
    V7,
    /// The same key, the same bytes.
    V8,
    /// The AP server receives a line's changes in the order in which KOS made them.
    V9,
    /// Once a completion was shown, the old plan is not shown any more.
    V10,
    /// States only move forward.
    V11,
    /// 99.9 % of the requests of a soak are answered usefully, or as documented for what is broken.
    M13,
    /// Of the rig itself: a death happens at its place, and the ledger of the simulation answers as the SQL
    /// does.
    Rig,
}

/// A contradiction between two ledgers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub law: Law,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {}", self.law, self.what)
    }
}

/// Collects violations.
#[derive(Debug, Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn demand(&mut self, law: Law, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            let what = what();
            self.0.push(Violation { law, what });
        }
    }
}

/// Every violation of every law. For a settled system: everything reachable, enough time passed.
pub fn judge(ledgers: &Ledgers) -> Vec<Violation> {
    let mut findings = Findings::default();
    applied::judge(ledgers, &mut findings);
    delivered::judge(ledgers, &mut findings);
    moments::judge(ledgers, &mut findings);
    told::judge(ledgers, &mut findings);
    findings.0
}
