//! The figures of one run.

use crate::{
    customers::Told,
    replica::{Ended, IN_TIME},
};
use simulator::ChangeApplied;
use std::{collections::BTreeMap, fmt, time::Duration};

#[derive(Default)]
pub struct Report {
    restarts: Vec<Ended>,
    lasted: Duration,
    told: Told,
    /// Complaints in nginx's log.
    complaints: Vec<String>,
    /// Request ids that KOS applied, with the number of times.
    applied: BTreeMap<String, u64>,
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

    pub fn balanced(&mut self, complaints: Vec<String>) {
        self.complaints = complaints;
    }

    pub fn applied(&mut self, applied: Vec<ChangeApplied>) {
        for change in applied {
            *self.applied.entry(change.request_id).or_default() += 1;
        }
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

    /// Whether no customer noticed the restarts, and each replica ended as promised.
    pub fn is_clean(&self) -> bool {
        self.somebody_was_there()
            && !self.was_noticed()
            && self.restarts.iter().all(Ended::as_promised)
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
        self.told.requests > 0 && !self.applied.is_empty()
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
        write!(f, "changes wrong       {}", wrong.len())?;
        for line in self
            .told
            .failures
            .iter()
            .chain(&wrong)
            .chain(&self.complaints)
            .take(20)
        {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}
