//! V1–V4: KOS's ledger, against the record and the customers.

use super::{
    Findings, Law,
    ledgers::{Applied, Ledgers, Says, State},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn judge(ledgers: &Ledgers, findings: &mut Findings) {
    let rows: BTreeMap<&str, State> = ledgers
        .record
        .changes
        .iter()
        .map(|row| (row.request_id.as_str(), row.state))
        .collect();
    let mut applied: BTreeMap<&str, usize> = BTreeMap::new();
    let ours = ledgers.kos.applied.iter();
    for change in ours.filter(|change| !change.by_somebody_else) {
        *applied.entry(&change.request_id).or_default() += 1;
    }
    once(ledgers, &rows, &applied, findings);
    from_the_recorded_plan(ledgers, &rows, findings);

    for id in applied.keys() {
        let state = rows.get(id);
        findings.demand(Law::V3, state == Some(&State::Completed), || {
            format!("{id} was applied, and the record says {state:?}")
        });
    }
    for (id, state) in &rows {
        let times = applied.get(id).copied().unwrap_or(0);
        findings.demand(Law::V3, state.is_terminal(), || {
            format!("{id} is still {state:?} when all has settled")
        });
        match state {
            State::Completed => findings.demand(Law::V2, times > 0, || {
                format!("{id} is COMPLETED, and KOS never applied it")
            }),
            State::Rejected | State::NotApplied => findings.demand(Law::V4, times == 0, || {
                format!("{id} is {state:?}, and KOS applied it")
            }),
            _ => {}
        }
    }
    for (id, says) in ledgers.told.iter().filter_map(|told| told.of_change()) {
        let times = applied.get(id).copied().unwrap_or(0);
        match says {
            Says::Completed => findings.demand(Law::V2, times > 0, || {
                format!("{id} was shown as completed, and KOS never applied it")
            }),
            Says::Failed => findings.demand(Law::V4, times == 0, || {
                format!("{id} was told as failed, and KOS applied it")
            }),
            Says::Pending => {}
        }
    }
}

/// Where only changes that are recorded as applied touched the line, each found the plan that its record
/// names: the customer was told what it would replace.
fn from_the_recorded_plan(
    ledgers: &Ledgers,
    rows: &BTreeMap<&str, State>,
    findings: &mut Findings,
) {
    let is_ours = |change: &Applied| {
        !change.by_somebody_else && rows.get(change.request_id.as_str()) == Some(&State::Completed)
    };
    let touched: BTreeSet<&str> = ledgers
        .kos
        .applied
        .iter()
        .filter(|change| !is_ours(change))
        .map(|change| change.line.as_str())
        .collect();
    for row in &ledgers.record.changes {
        let mut of_line = ledgers.kos.applied.iter();
        let first = of_line.find(|change| change.request_id == row.request_id);
        let Some(first) = first.filter(|change| !touched.contains(change.line.as_str())) else {
            continue;
        };
        findings.demand(Law::V1, first.from == row.from, || {
            format!(
                "{} is recorded as a change from {}, and the line was on {}",
                row.request_id, row.from, first.from
            )
        });
    }
}

fn once(
    ledgers: &Ledgers,
    rows: &BTreeMap<&str, State>,
    applied: &BTreeMap<&str, usize>,
    findings: &mut Findings,
) {
    let mut arrived: BTreeMap<&str, usize> = BTreeMap::new();
    let mut doubled = BTreeSet::new();
    for arrival in &ledgers.kos.arrived {
        let id = arrival.request_id.as_str();
        *arrived.entry(id).or_default() += 1;
        if arrival.doubled_by_network {
            doubled.insert(id);
        }
    }
    for (id, times) in &arrived {
        findings.demand(Law::V1, *times == 1, || {
            format!("{id} was sent {times} times")
        });
        findings.demand(Law::V1, rows.contains_key(id), || {
            format!("{id} was sent, and no row stands for it")
        });
    }
    for (id, times) in applied {
        let allowed = 1 + usize::from(doubled.contains(id));
        findings.demand(Law::V1, *times <= allowed, || {
            format!("{id} was applied {times} times")
        });
    }
    let mut keys: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &ledgers.record.changes {
        *keys.entry((&row.account, &row.key)).or_default() += 1;
    }
    for ((_, key), times) in keys {
        findings.demand(Law::V1, times == 1, || {
            format!("the key {key} began {times} changes")
        });
    }
}
