//! V7, V8, V10, V11: what customers were shown, against the record and against each other.

use super::{
    Findings, Law,
    ledgers::{Applied, Ledgers, Says, Shown, Told},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn judge(ledgers: &Ledgers, findings: &mut Findings) {
    kept(ledgers, findings);
    same_bytes(ledgers, findings);
    forward(&ledgers.told, findings);
    no_old_plan(ledgers, findings);
}

/// V7: everything answered 2xx is in the record.
fn kept(ledgers: &Ledgers, findings: &mut Findings) {
    let ids: BTreeSet<&str> = ledgers
        .record
        .changes
        .iter()
        .map(|row| row.request_id.as_str())
        .collect();
    let bills: BTreeSet<&str> = ledgers
        .record
        .bill_inquiries
        .iter()
        .map(String::as_str)
        .collect();
    for told in &ledgers.told {
        let lost = match &told.what {
            Shown::Answer {
                status: 200..300,
                request_id,
                ..
            } => request_id
                .as_deref()
                .map_or(Some("an answer without a number"), |id| {
                    (!ids.contains(id)).then_some(id)
                }),
            Shown::Status { request_id, .. } => {
                (!ids.contains(request_id.as_str())).then_some(request_id.as_str())
            }
            Shown::Bill { request_id } => {
                (!bills.contains(request_id.as_str())).then_some(request_id.as_str())
            }
            Shown::Answer { .. } | Shown::Page { .. } => None,
        };
        findings.demand(Law::V7, lost.is_none(), || {
            format!(
                "{} was answered, and the record has lost it",
                lost.unwrap_or_default()
            )
        });
    }
}

/// V8: the same key gets the same bytes, those in the record. A 5xx or 429 does not count as an answer:
/// nothing was begun, and the request may be sent again.
fn same_bytes(ledgers: &Ledgers, findings: &mut Findings) {
    let mut first: BTreeMap<(&str, &str), (u16, &str)> = BTreeMap::new();
    for told in &ledgers.told {
        let Shown::Answer {
            account,
            key,
            status,
            body,
            ..
        } = &told.what
        else {
            continue;
        };
        if *status >= 500 || *status == 429 {
            continue;
        }
        let before = *first
            .entry((account, key))
            .or_insert((*status, body.as_str()));
        findings.demand(Law::V8, before == (*status, body), || {
            format!(
                "the key {key} was answered {} {} and {status} {body}",
                before.0, before.1
            )
        });
    }
    for row in &ledgers.record.answers {
        let was_told = first.contains_key(&(row.account.as_str(), row.key.as_str()));
        findings.demand(Law::V8, !was_told || row.answer.is_some(), || {
            format!(
                "the key {} was answered, and its answer is not kept",
                row.key
            )
        });
    }
}

/// V11: once an outcome was shown, no other one is shown later, nor an open change.
fn forward(told: &[Told], findings: &mut Findings) {
    let mut ends: BTreeMap<&str, Vec<(u64, Says)>> = BTreeMap::new();
    for (told, (id, says)) in statuses(told) {
        if says != Says::Pending {
            ends.entry(id).or_default().push((told.answered, says));
        }
    }
    for (told, (id, says)) in statuses(told) {
        let before = ends.get(id).into_iter().flatten();
        let contradicted = before
            .filter(|(answered, end)| *answered < told.asked && *end != says)
            .map(|(_, end)| *end)
            .next();
        findings.demand(Law::V11, contradicted.is_none(), || {
            format!("{id} was told as {contradicted:?}, and later as {says:?}")
        });
    }
}

/// Observations of a change's current state. The answer to a key does not count: it stays as it was
/// first given.
fn statuses(told: &[Told]) -> impl Iterator<Item = (&Told, (&str, Says))> {
    told.iter().filter_map(|told| {
        let of_change = told.of_change()?;
        let replayable = matches!(told.what, Shown::Answer { .. });
        (!(replayable && of_change.1 == Says::Pending)).then_some((told, of_change))
    })
}

/// V10: once a completion was shown, pages show its plan or that of a change KOS made later.
fn no_old_plan(ledgers: &Ledgers, findings: &mut Findings) {
    let mut made: BTreeMap<&str, Vec<&Applied>> = BTreeMap::new();
    // By request id: the line, and the position among its changes.
    let mut place: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for change in &ledgers.kos.applied {
        let of_line = made.entry(&change.line).or_default();
        let at = (change.line.as_str(), of_line.len());
        place.entry(&change.request_id).or_insert(at);
        of_line.push(change);
    }
    let mut completed: BTreeMap<&str, Vec<(u64, usize)>> = BTreeMap::new();
    for (told, (id, says)) in statuses(&ledgers.told) {
        if let (Says::Completed, Some((line, at))) = (says, place.get(id)) {
            completed
                .entry(line)
                .or_default()
                .push((told.answered, *at));
        }
    }
    for page in &ledgers.told {
        let Shown::Page { line, plan } = &page.what else {
            continue;
        };
        let (Some(made), Some(completed)) = (made.get(line.as_str()), completed.get(line.as_str()))
        else {
            continue;
        };
        let before = completed
            .iter()
            .filter(|(answered, _)| *answered < page.asked);
        if let Some(last) = before.map(|(_, at)| *at).max() {
            let current = made[last..].iter().any(|change| change.to == *plan);
            findings.demand(Law::V10, current, || {
                format!(
                    "a page shows {plan} on {line} after {} was shown as completed",
                    made[last].request_id
                )
            });
        }
    }
}
