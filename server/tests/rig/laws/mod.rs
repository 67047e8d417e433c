//! The judge: five ledgers in, every contradiction between them out. Pure.
//!
//! | file | laws |
//! | --- | --- |
//! | `ledgers` | what is compared: KOS, the database, the chain, the AP server, what was told |
//! | `applied` | V1–V4: what KOS did and what the record says of it |
//! | `delivered` | V5, V9: history, chain, what the AP server received |
//! | `moments` | V6, V11: what the record looked like on the way |
//! | `told` | V2, V7, V8, V10, V11: what customers were shown |

mod applied;
mod delivered;
pub mod ledgers;
mod moments;
mod told;

use ledgers::Ledgers;
use std::fmt;

/// The invariants of the plan change, as the design numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// KOS applies an intent once at most; nothing is sent that no row stands for.
    V1,
    /// Told "completed": applied.
    V2,
    /// Applied: `COMPLETED` in the record, once the dust has settled; nothing stays open.
    V3,
    /// Told or recorded as failed: not applied, ever.
    V4,
    /// One history event per end, chained; the AP server has it, once, with the same content.
    V5,
    /// A line has one open change at most.
    V6,
    /// What was answered 2xx is in the record.
    V7,
    /// The same key, the same bytes.
    V8,
    /// The AP server hears of a line's changes in the order in which KOS made them.
    V9,
    /// Nobody is shown the old plan once completion was shown.
    V10,
    /// States only move forward.
    V11,
    /// Of the rig itself: a death happens where it is aimed, and the ledger of the simulation answers
    /// as the SQL does.
    Rig,
}

/// Two ledgers that do not agree.
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

/// Collects what is found.
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

/// Every violation of every law. To be asked when the system has settled: everything reachable,
/// enough time passed.
pub fn judge(ledgers: &Ledgers) -> Vec<Violation> {
    let mut findings = Findings::default();
    applied::judge(ledgers, &mut findings);
    delivered::judge(ledgers, &mut findings);
    moments::judge(ledgers, &mut findings);
    told::judge(ledgers, &mut findings);
    findings.0
}
