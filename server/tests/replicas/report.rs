//! The figures of one run.

use crate::{
    balancer::is_cut,
    delivered::Ledgers,
    falsified,
    replica::{Ended, IN_TIME},
    told::Told,
};
use std::{collections::BTreeMap, fmt, time::Duration};

#[derive(Default)]
pub struct Report {
    restarts: Vec<Ended>,
    lasted: Duration,
    told: Told,
    /// The number of complaints in nginx's log, by what it says.
    complaints: BTreeMap<String, usize>,
    /// Request ids that KOS applied, with the number of times.
    applied: BTreeMap<String, u64>,
    /// Events that the AP server received.
    received: usize,
    /// Those of them that it had received before.
    repeated: usize,
    /// Contradictions between what the AP server received and the other ledgers.
    delivered_wrong: Vec<String>,
    /// Falsehoods planted into these ledgers, and whether each was found.
    planted: Vec<(&'static str, bool)>,
}

impl Report {
    pub fn restarted(&mut self, ended: Ended) {
        self.restarts.push(ended);
    }

    pub fn lasted(&mut self, lasted: Duration) {
        self.lasted = lasted;
    }

    pub fn told(&mut self, told: Told) {
        self.told = told;
    }

    pub fn balanced(&mut self, complaints: BTreeMap<String, usize>) {
        self.complaints = complaints;
    }

    pub fn settled(&mut self, ledgers: &Ledgers) {
        for change in &ledgers.applied {
            *self.applied.entry(change.request_id.clone()).or_default() += 1;
        }
        self.received = ledgers.received.len();
        self.repeated = ledgers.repeated();
        self.delivered_wrong = ledgers.contradictions();
        self.planted = falsified::planted(ledgers);
    }

    /// Changes shown as completed that KOS did not apply, changes applied that no customer was shown, and
    /// changes applied twice.
    fn changes_wrong(&self) -> Vec<String> {
        let told = &self.told.changes;
        let told_only = told
            .iter()
            .filter(|(id, status)| *status == "COMPLETED" && !self.applied.contains_key(*id))
            .map(|(id, _)| format!("{id} was not applied"));
        let unclear = told
            .iter()
            .filter(|(_, status)| *status != "COMPLETED")
            .map(|(id, status)| format!("{id} is {status}"));
        let applied = self.applied.iter();
        let applied_only = applied
            .clone()
            .filter(|(id, _)| !told.contains_key(*id))
            .map(|(id, _)| format!("nobody was told of {id}"));
        let twice = applied
            .filter(|(_, times)| **times > 1)
            .map(|(id, times)| format!("{id} was applied {times} times"));
        told_only
            .chain(unclear)
            .chain(applied_only)
            .chain(twice)
            .collect()
    }

    /// Whether no customer noticed the restarts, no replica cut a request, the AP server heard of
    /// everything, and each replica ended as promised.
    pub fn is_clean(&self) -> bool {
        self.somebody_was_there()
            && !self.was_noticed()
            && self.complaints.is_empty()
            && self.nothing_is_lost()
            && self.planted.iter().all(|(_, found)| *found)
            && self.restarts.iter().all(Ended::as_promised)
    }

    /// Whether nginx lost the answer to a request that a replica had taken.
    pub fn requests_were_cut(&self) -> bool {
        self.complaints.keys().any(|said| is_cut(said))
    }

    /// Whether the AP server heard of everything that was applied or shown. This holds after SIGKILL too.
    pub fn nothing_is_lost(&self) -> bool {
        self.delivered_wrong.is_empty()
    }

    /// Whether customers noticed, by their answers alone: the ends of the replicas do not count, so the
    /// planted fault is found only if it reaches a customer.
    pub fn was_noticed(&self) -> bool {
        !self.told.failures.is_empty()
            || self.told.sessions_lost > 0
            || !self.changes_wrong().is_empty()
    }

    /// Whether there was enough load to notice anything.
    pub fn somebody_was_there(&self) -> bool {
        self.told.requests > 0
            && !self.applied.is_empty()
            && !self.told.bills.is_empty()
            && !self.told.bill_pages.is_empty()
    }

    fn latency(&self, part: f64) -> f64 {
        let mut sorted = self.told.latencies.clone();
        sorted.sort_unstable();
        let at = (sorted.len().saturating_sub(1)) as f64 * part;
        sorted
            .get(at as usize)
            .map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wrong = self.changes_wrong();
        let slowest = self
            .restarts
            .iter()
            .map(|ended| ended.took)
            .max()
            .unwrap_or_default();
        let not_well = self.restarts.iter().filter(|ended| !ended.well).count();
        let late = self.restarts.iter().filter(|ended| ended.took > IN_TIME);
        writeln!(
            f,
            "restarts            {} ({not_well} not with exit code 0)",
            self.restarts.len()
        )?;
        writeln!(
            f,
            "slowest end         {:.1} s ({} later than {} s)",
            slowest.as_secs_f64(),
            late.count(),
            IN_TIME.as_secs()
        )?;
        writeln!(f, "lasted              {:.0} s", self.lasted.as_secs_f64())?;
        writeln!(f, "requests            {}", self.told.requests)?;
        writeln!(
            f,
            "  p50, p99, most    {:.0}, {:.0}, {:.0} ms",
            self.latency(0.5),
            self.latency(0.99),
            self.latency(1.0)
        )?;
        writeln!(f, "requests failed     {}", self.told.failures.len())?;
        writeln!(f, "sessions lost       {}", self.told.sessions_lost)?;
        writeln!(f, "changes             {}", self.told.changes.len())?;
        writeln!(f, "changes wrong       {}", wrong.len())?;
        let pages: usize = self.told.bill_pages.values().sum();
        writeln!(
            f,
            "bills               {} by the API, {pages} on pages",
            self.told.bills.len()
        )?;
        writeln!(
            f,
            "AP events           {} ({} delivered again)",
            self.received, self.repeated
        )?;
        writeln!(f, "AP events wrong     {}", self.delivered_wrong.len())?;
        let missed = self.planted.iter().filter(|(_, found)| !found);
        writeln!(
            f,
            "planted falsehoods  {}, {} not found",
            self.planted.len(),
            missed.clone().count()
        )?;
        for (name, _) in missed {
            writeln!(f, "  not found: {name}")?;
        }
        let complaints: usize = self.complaints.values().sum();
        write!(f, "nginx complaints    {complaints}")?;
        for (said, times) in &self.complaints {
            write!(f, "\n  {times} x {said}")?;
        }
        for line in self
            .told
            .failures
            .iter()
            .chain(&wrong)
            .chain(&self.delivered_wrong)
            .take(20)
        {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}
