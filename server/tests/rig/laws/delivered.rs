//! V5, V9: history, chain and outbox, against what the AP server received.

use super::{
    Findings, Law,
    ledgers::{Delivery, HistoryRow, Ledgers, OutboxRow, State},
};
use std::collections::BTreeMap;

pub(super) fn judge(ledgers: &Ledgers, findings: &mut Findings) {
    let record = &ledgers.record;
    let history = by(&record.history, |row| &row.request_id);
    let outbox = by(&record.outbox, |row| &row.event_id);
    let received = by(&ledgers.ap, |event| &event.request_id);

    for change in record.changes.iter().filter(|row| row.state.is_terminal()) {
        let id = change.request_id.as_str();
        let events = history.get(id).map_or(&[][..], Vec::as_slice);
        findings.demand(Law::V5, events.len() == 1, || {
            format!("{id} has {} history events", events.len())
        });
        let [event] = events else { continue };
        findings.demand(Law::V5, event.state == change.state, || {
            format!(
                "{id} is {:?}, its history says {:?}",
                change.state, event.state
            )
        });
        told_as_recorded(event, &outbox, &received, findings);
    }
    let known = by(&record.changes, |row| &row.request_id);
    for id in history.keys().chain(received.keys()) {
        let ended = known
            .get(id)
            .is_some_and(|rows| rows[0].state.is_terminal());
        findings.demand(Law::V5, ended, || {
            format!("the end of {id} is told, and it has none")
        });
    }
    chain(ledgers, findings);
    order(ledgers, findings);
}

/// The event of an outcome is in the outbox and at the AP server, with the same id and content.
fn told_as_recorded(
    event: &HistoryRow,
    outbox: &BTreeMap<&str, Vec<&OutboxRow>>,
    received: &BTreeMap<&str, Vec<&Delivery>>,
    findings: &mut Findings,
) {
    let (id, event_id) = (&event.request_id, event.event_id.as_str());
    let queued = outbox.get(event_id).map_or(&[][..], Vec::as_slice);
    findings.demand(
        Law::V5,
        matches!(queued, [one] if one.payload == event.payload && one.line == event.line),
        || {
            format!(
                "{id}: {} events in the outbox, or another content",
                queued.len()
            )
        },
    );
    let deliveries = received.get(id.as_str()).map_or(&[][..], Vec::as_slice);
    findings.demand(Law::V5, !deliveries.is_empty(), || {
        format!("the AP server never heard of the end of {id}")
    });
    let result = match event.state {
        State::Completed => "SUCCESS",
        _ => "FAILURE",
    };
    for delivery in deliveries {
        findings.demand(Law::V5, delivery.event_id == event_id, || {
            format!("the AP server heard of the end of {id} under a second event id")
        });
        let same = delivery.payload == event.payload
            && delivery.result == result
            && delivery.line == event.line;
        findings.demand(Law::V5, same, || {
            format!(
                "the AP server received {} for {id}, not what the history says",
                delivery.result
            )
        });
    }
}

fn chain(ledgers: &Ledgers, findings: &mut Findings) {
    let record = &ledgers.record;
    findings.demand(Law::V5, record.chain_broken_at.is_none(), || {
        format!(
            "the chain breaks: {}",
            record.chain_broken_at.as_deref().unwrap_or_default()
        )
    });
    for (line, mut events) in by(&record.history, |row| &row.line) {
        events.sort_by_key(|event| event.seq);
        let gapless = (1..).zip(&events).all(|(seq, event)| event.seq == seq);
        findings.demand(Law::V5, gapless, || {
            format!("the history of {line} has a gap")
        });
    }
}

/// Per line: the first deliveries of completed changes come in the order in which KOS applied them.
fn order(ledgers: &Ledgers, findings: &mut Findings) {
    let applied = by(&ledgers.kos.applied, |change| &change.line);
    for (line, changes) in applied {
        let made = first(changes.iter().map(|change| change.request_id.as_str()));
        let told = ledgers
            .ap
            .iter()
            .filter(|event| event.line == line && event.result == "SUCCESS")
            .map(|event| event.request_id.as_str());
        let told = first(told);
        let made_and_told: Vec<_> = made.into_iter().filter(|id| told.contains(id)).collect();
        let told_and_made: Vec<_> = told
            .into_iter()
            .filter(|id| made_and_told.contains(id))
            .collect();
        findings.demand(Law::V9, told_and_made == made_and_told, || {
            format!("on {line} KOS made {made_and_told:?}, the AP server heard {told_and_made:?}")
        });
    }
}

fn first<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for id in ids {
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

fn by<'a, T>(rows: &'a [T], key: impl Fn(&'a T) -> &'a String) -> BTreeMap<&'a str, Vec<&'a T>> {
    let mut groups: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    groups
}
