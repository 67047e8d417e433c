//! V6, V11: snapshots of the record during a run.

use super::{Findings, Law, ledgers::Ledgers};
use std::collections::BTreeMap;

pub(super) fn judge(ledgers: &Ledgers, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for moment in &ledgers.moments {
        let mut open: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (line, id, state) in &moment.states {
            if !state.is_terminal() {
                open.entry(line).or_default().push(id);
            }
            if let Some(before) = seen.insert(id, *state) {
                findings.demand(Law::V11, before.may_lead_to(*state), || {
                    format!("{id} went from {before:?} to {state:?}")
                });
            }
        }
        for (line, ids) in open {
            findings.demand(Law::V6, ids.len() <= 1, || {
                format!("{line} has {} open changes: {ids:?}", ids.len())
            });
        }
    }
}
