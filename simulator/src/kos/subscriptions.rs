//! The plan of a line: its first one, and the changes in the ledger.

use crate::{
    data::{Customer, Month, Plan, plan},
    ledger::{ChangeApplied, Entry},
};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};
use tokio::sync::{Mutex, MutexGuard};

/// The first answer to a request id.
#[derive(Clone, Debug)]
pub(super) enum FirstAnswer {
    Applied(ChangeApplied),
    /// The result code.
    Refused(String),
}

/// The changes so far, by line and by request id.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    known: RwLock<Known>,
    /// Locked from the decision about a change until it is in the ledger.
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    by_line: HashMap<String, Vec<ChangeApplied>>,
    by_request: HashMap<String, FirstAnswer>,
    applied: usize,
}

impl Known {
    fn add_applied(&mut self, change: ChangeApplied) {
        self.applied += 1;
        self.by_request
            .entry(change.request_id.clone())
            .or_insert_with(|| FirstAnswer::Applied(change.clone()));
        self.by_line
            .entry(change.line_number.as_str().to_owned())
            .or_default()
            .push(change);
    }

    fn add_refused(&mut self, request_id: String, code: String) {
        self.by_request
            .entry(request_id)
            .or_insert(FirstAnswer::Refused(code));
    }
}

impl Subscriptions {
    pub(super) fn from_entries(entries: Vec<Entry>) -> Self {
        let mut known = Known::default();
        for entry in entries {
            match entry {
                Entry::ChangeApplied(change) => known.add_applied(change),
                Entry::ChangeRefused(refused) => {
                    known.add_refused(refused.request_id, refused.result_code);
                }
                Entry::ChangeAttempt(_) | Entry::ApEvent(_) => {}
            }
        }
        Self {
            known: RwLock::new(known),
            turn: Mutex::default(),
        }
    }

    /// One change at a time: a decision made under the lock still holds when it is recorded.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    pub(super) fn plan_now(&self, customer: &Customer) -> &'static Plan {
        self.last_change(customer, |_| true)
    }

    /// The plan billed for a month: changes count from the month they took effect in.
    pub(super) fn plan_in(&self, customer: &Customer, month: Month) -> &'static Plan {
        self.last_change(customer, |change| {
            change
                .effective_date
                .get(..6)
                .and_then(Month::parse)
                .is_some_and(|from| from <= month)
        })
    }

    fn last_change(
        &self,
        customer: &Customer,
        counts: impl Fn(&ChangeApplied) -> bool,
    ) -> &'static Plan {
        let known = self.read();
        let changes = known
            .by_line
            .get(customer.line.as_str())
            .map_or(&[][..], Vec::as_slice);
        changes
            .iter()
            .rev()
            .find(|change| counts(change))
            .and_then(|change| plan(&change.new_product_code))
            .unwrap_or(customer.plan)
    }

    pub(super) fn first_answer(&self, request_id: &str) -> Option<FirstAnswer> {
        self.read().by_request.get(request_id).cloned()
    }

    /// The number of the next order.
    pub(super) fn next_order(&self) -> usize {
        self.read().applied + 1
    }

    pub(super) fn add_applied(&self, change: ChangeApplied) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add_applied(change);
    }

    pub(super) fn add_refused(&self, request_id: String, code: String) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add_refused(request_id, code);
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}
