//! The rules in force, and the choice of a fault for each call.

use super::{Fault, FaultRule, Operation};
use crate::chance::Chance;
use std::sync::{Arc, Mutex, PoisonError};

/// The rules in force; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Active>>>);

#[derive(Debug)]
struct Active {
    rule: FaultRule,
    /// Steps of the script taken so far.
    taken: usize,
    chance: Chance,
}

impl Active {
    fn new(rule: FaultRule) -> Self {
        Self {
            chance: Chance::seeded(rule.seed),
            rule,
            taken: 0,
        }
    }

    fn is_spent(&self) -> bool {
        self.rule.count.is_some_and(|count| {
            let steps = self.rule.script.len().saturating_mul(count as usize);
            self.taken >= steps
        })
    }

    /// `None` if the rule leaves this call to the next rule.
    fn step(&mut self) -> Option<Option<Fault>> {
        if self.is_spent()
            || self
                .rule
                .percent
                .is_some_and(|percent| !self.chance.percent(percent))
        {
            return None;
        }
        let step = self
            .rule
            .script
            .get(self.taken % self.rule.script.len())
            .cloned();
        self.taken += 1;
        step
    }
}

impl Faults {
    /// Replaces all rules.
    pub fn set(&self, rules: impl IntoIterator<Item = FaultRule>) {
        let active = rules.into_iter().map(Active::new).collect();
        *self.lock() = active;
    }

    /// Adds a rule behind the others; of the rules that cover a call, the first unspent one decides.
    pub fn add(&self, rule: FaultRule) {
        self.lock().push(Active::new(rule));
    }

    /// Removes all rules. Calls already hanging keep hanging.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The rules that are not spent.
    pub fn rules(&self) -> Vec<FaultRule> {
        self.lock()
            .iter()
            .filter(|active| !active.is_spent())
            .map(|a| a.rule.clone())
            .collect()
    }

    /// Chooses the fault of one call, and counts it.
    pub(crate) fn choose(&self, operation: Operation) -> Option<Fault> {
        self.lock()
            .iter_mut()
            .filter(|active| active.rule.scope.covers(operation))
            .find_map(Active::step)
            .flatten()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Active>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Faults;
    use crate::{Fault, Operation};

    fn faults(rules: &[&str]) -> Faults {
        let faults = Faults::default();
        faults.set(rules.iter().map(|rule| rule.parse().unwrap()));
        faults
    }

    fn chosen(faults: &Faults, calls: usize) -> Vec<Option<Fault>> {
        (0..calls)
            .map(|_| faults.choose(Operation::Change))
            .collect()
    }

    #[test]
    fn a_script_is_played_once_and_then_spent() {
        let faults = faults(&["kos.change=lost_answer,ok,hang", "kos.bill=reset"]);
        assert_eq!(faults.choose(Operation::Bill), Some(Fault::Reset));
        assert_eq!(
            chosen(&faults, 4),
            [Some(Fault::LostAnswer), None, Some(Fault::Hang), None]
        );
        assert_eq!(
            faults.rules().len(),
            1,
            "the spent rule is gone from the list"
        );
    }

    #[test]
    fn a_spent_rule_gives_way_to_the_next() {
        let faults = faults(&["kos.change=hang*2", "kos=reset"]);
        assert_eq!(
            chosen(&faults, 3),
            [Some(Fault::Hang), Some(Fault::Hang), Some(Fault::Reset)]
        );
        assert_eq!(faults.choose(Operation::Ap), None);
    }

    #[test]
    fn a_rate_is_repeatable_and_near_what_was_asked() {
        let run = || chosen(&faults(&["kos.change=hang%10~7"]), 2_000);
        let hits = run().iter().flatten().count();
        assert_eq!(run(), run());
        assert!((140..=260).contains(&hits), "{hits} of 2000 at 10 %");
    }
}
