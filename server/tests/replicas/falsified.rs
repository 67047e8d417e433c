//! Planted falsehoods: each must be found in the ledgers of a run, or its comparison proves nothing.

use crate::delivered::{Ledgers, change_of};

/// The falsehoods, and whether the comparison finds each.
pub fn planted(ledgers: &Ledgers) -> Vec<(&'static str, bool)> {
    let before = ledgers.contradictions().len();
    let falsified = falsified(ledgers).into_iter();
    falsified
        .map(|(name, falsified)| (name, falsified.contradictions().len() > before))
        .collect()
}

/// The same ledgers, each time with one falsehood.
fn falsified(ledgers: &Ledgers) -> Vec<(&'static str, Ledgers)> {
    let mut all = Vec::new();
    let mut plant = |name, falsify: &dyn Fn(&mut Ledgers)| {
        let mut falsified = ledgers.clone();
        falsify(&mut falsified);
        all.push((name, falsified));
    };
    plant("a change that was not delivered", &|all| {
        let lost = all.applied.last().map(|change| change.request_id.clone());
        all.received
            .retain(|event| Some(change_of(event)) != lost.as_deref());
    });
    plant("a change delivered under two event ids", &|all| {
        let mut again = all.received.clone();
        again.retain(|event| event.kind == "PRODUCT_CHANGE");
        all.received.extend(again.pop().map(|mut event| {
            event.event_id.push_str("-again");
            event
        }));
    });
    plant("a change delivered as failed", &|all| {
        let mut events = all.received.iter_mut();
        if let Some(event) = events.find(|event| event.kind == "PRODUCT_CHANGE") {
            event.result = "FAILURE".into();
        }
    });
    plant("a delivered change that was never applied", &|all| {
        all.applied.pop();
    });
    plant("changes delivered in the wrong order", &|all| {
        all.received.reverse();
    });
    plant("a bill inquiry that was not delivered", &|all| {
        let lost = all.bills.first().cloned();
        all.received
            .retain(|event| Some(&event.event_id) != lost.as_ref());
    });
    plant("inquiries of pages that were not delivered", &|all| {
        let kept = all.bills.clone();
        all.received
            .retain(|event| event.kind != "BILL_INQUIRY" || kept.contains(&event.event_id));
    });
    all
}
