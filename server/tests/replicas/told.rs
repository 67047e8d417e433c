//! What customers were shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

#[derive(Default)]
pub struct Told {
    pub requests: u64,
    /// Descriptions of failed requests.
    pub failures: Vec<String>,
    pub sessions_lost: u64,
    pub latencies: Vec<Duration>,
    /// Request ids of changes, with the last status shown.
    pub changes: BTreeMap<String, String>,
    /// Request ids of the bill inquiries that the API answered.
    pub bills: BTreeSet<String>,
    /// By customer id, the bills shown on pages: a page does not show the id of its inquiry.
    pub bill_pages: BTreeMap<String, usize>,
}

impl Told {
    /// Adds what another customer was shown.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.failures.extend(other.failures);
        self.sessions_lost += other.sessions_lost;
        self.latencies.extend(other.latencies);
        self.changes.extend(other.changes);
        self.bills.extend(other.bills);
        for (customer, pages) in other.bill_pages {
            *self.bill_pages.entry(customer).or_default() += pages;
        }
    }
}
