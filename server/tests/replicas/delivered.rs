//! What the MVNO AP server received, against what KOS applied and which bills customers were shown.
//!
//! Deliveries are made at least once, under the same event id, and in order within a line. So each change
//! has one event id, whatever the number of deliveries. An inquiry and its event are committed together: an
//! event that arrived also proves that its inquiry is recorded.

use crate::told::Told;
use anyhow::Result;
use simulator::{ApEvent, ChangeApplied, Ledger};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// Longer than the lease of a killed replica, which has to end before others deliver in its place.
const SETTLES_WITHIN: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The ledgers that are compared. Lists are in order of time.
#[derive(Clone)]
pub struct Ledgers {
    pub applied: Vec<ChangeApplied>,
    /// What the AP server received, repeated deliveries included.
    pub received: Vec<ApEvent>,
    /// As in [`Told`].
    pub bills: BTreeSet<String>,
    /// As in [`Told`].
    pub bill_pages: BTreeMap<String, usize>,
}

/// The ledgers once they agree, or as they are when the time is up.
pub async fn settled(ledger: &Ledger, told: &Told) -> Result<Ledgers> {
    let began = Instant::now();
    loop {
        let ledgers = Ledgers {
            applied: ledger.changes_applied()?,
            received: ledger.ap_events()?,
            bills: told.bills.clone(),
            bill_pages: told.bill_pages.clone(),
        };
        if ledgers.contradictions().is_empty() || began.elapsed() > SETTLES_WITHIN {
            return Ok(ledgers);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

impl Ledgers {
    /// The contradictions between them.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = self.changes_wrong();
        found.extend(self.changes_out_of_order());
        found.extend(self.bills_lost());
        found
    }

    /// The number of deliveries of an event that had arrived before.
    pub fn repeated(&self) -> usize {
        self.received.iter().filter(|event| event.duplicate).count()
    }

    fn changes_wrong(&self) -> Vec<String> {
        let applied: BTreeSet<&str> = self.applied.iter().map(|c| c.request_id.as_str()).collect();
        // By request id: the event ids, with the result.
        let mut heard: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for event in self.about("PRODUCT_CHANGE") {
            let events = heard.entry(change_of(event)).or_default();
            events.insert(&event.event_id, &event.result);
        }
        let mut found = Vec::new();
        for id in &applied {
            match heard.get(id) {
                None => found.push(format!("the AP server never heard of {id}")),
                Some(events) if events.len() > 1 => {
                    found.push(format!("the AP server heard of {id} as {events:?}"));
                }
                Some(_) => {}
            }
        }
        for (id, events) in &heard {
            let expected = if applied.contains(id) {
                "SUCCESS"
            } else {
                "FAILURE"
            };
            for result in events.values().filter(|result| **result != expected) {
                found.push(format!("the AP server heard of {id} as {result}"));
            }
        }
        found
    }

    /// Lines whose changes arrived in another order than KOS made them. What never arrived is found by
    /// [`Self::changes_wrong`].
    fn changes_out_of_order(&self) -> Vec<String> {
        let mut made: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for change in &self.applied {
            let of_line = made.entry(change.line_number.as_str()).or_default();
            of_line.push(&change.request_id);
        }
        let mut heard: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for event in self.about("PRODUCT_CHANGE").filter(|one| !one.duplicate) {
            let of_line = heard.entry(event.line_number.as_str()).or_default();
            of_line.push(change_of(event));
        }
        let mut found = Vec::new();
        for (line, mut made) in made {
            let mut heard = heard.remove(line).unwrap_or_default();
            heard.retain(|id| made.contains(id));
            let arrived: BTreeSet<&str> = heard.iter().copied().collect();
            made.retain(|id| arrived.contains(id));
            if heard != made {
                found.push(format!("the AP server heard of {line} out of order"));
            }
        }
        found
    }

    /// Bills that were shown although the AP server never heard of the inquiry. It may have heard of more:
    /// nginx sends a page's request again when a replica goes away, and a lost answer was shown to nobody.
    fn bills_lost(&self) -> Vec<String> {
        let heard: BTreeMap<&str, &ApEvent> = self
            .about("BILL_INQUIRY")
            .map(|event| (event.event_id.as_str(), event))
            .collect();
        let mut found = Vec::new();
        for id in &self.bills {
            match heard.get(id.as_str()) {
                Some(event) if event.result == "SUCCESS" => {}
                Some(event) => {
                    found.push(format!("{id} was shown and heard of as {}", event.result))
                }
                None => found.push(format!("the AP server never heard of {id}")),
            }
        }
        for (customer, pages) in &self.bill_pages {
            let of_pages = heard.values().filter(|event| {
                event.customer_id == *customer && !self.bills.contains(&event.event_id)
            });
            let heard = of_pages.count();
            if heard < *pages {
                found.push(format!(
                    "{customer} saw {pages} bills on pages, and the AP server heard of {heard}"
                ));
            }
        }
        found
    }

    fn about<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a ApEvent> {
        self.received.iter().filter(move |event| event.kind == kind)
    }
}

/// The request id of the change that the event is about.
pub fn change_of(event: &ApEvent) -> &str {
    event.payload["requestId"].as_str().unwrap_or_default()
}
