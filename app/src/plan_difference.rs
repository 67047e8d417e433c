//! The gains and losses of moving from one plan to another. Pure; no words.

use crate::model::{Allowance, Product, Won};
use std::cmp::Ordering;

/// A fact by which plans are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanFact {
    Data,
    Voice,
    Sms,
    Network,
}

/// The effect of a changed fact on the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Gain,
    Loss,
    /// Neither better nor worse, or KOS did not report enough to tell.
    Other,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    Quantity(Allowance),
    /// As KOS wrote it; empty if KOS did not report it.
    Name(String),
}

/// A fact that differs between the plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    pub fact: PlanFact,
    pub from: FactValue,
    pub to: FactValue,
    pub effect: Effect,
}

/// All differences between two plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDifference {
    /// Won per month; positive means more to pay.
    pub fee: Won,
    pub facts: Vec<FactChange>,
    pub gained_benefits: Vec<String>,
    pub lost_benefits: Vec<String>,
}

impl PlanDifference {
    /// What changes by moving from one plan to the other.
    pub fn between(from: &Product, to: &Product) -> Self {
        let quantities = [
            (PlanFact::Data, from.data_mb, to.data_mb),
            (PlanFact::Voice, from.voice_minutes, to.voice_minutes),
            (PlanFact::Sms, from.sms_count, to.sms_count),
        ];
        let facts = quantities
            .into_iter()
            .filter(|(_, from, to)| from != to)
            .map(|(fact, from, to)| FactChange {
                fact,
                from: FactValue::Quantity(from),
                to: FactValue::Quantity(to),
                effect: effect(from, to),
            })
            .chain(network(from, to))
            .collect();
        Self {
            fee: to.monthly_fee - from.monthly_fee,
            facts,
            gained_benefits: missing(&to.benefits, &from.benefits),
            lost_benefits: missing(&from.benefits, &to.benefits),
        }
    }

    /// The facts that get worse.
    pub fn losses(&self) -> impl Iterator<Item = &FactChange> {
        self.facts
            .iter()
            .filter(|change| change.effect == Effect::Loss)
    }
}

fn effect(from: Allowance, to: Allowance) -> Effect {
    let rank = |allowance| match allowance {
        Allowance::Unknown => None,
        Allowance::Limited(quantity) => Some((false, quantity)),
        Allowance::Unlimited => Some((true, 0)),
    };
    let (Some(from), Some(to)) = (rank(from), rank(to)) else {
        return Effect::Other;
    };
    match to.cmp(&from) {
        Ordering::Greater => Effect::Gain,
        Ordering::Less => Effect::Loss,
        Ordering::Equal => Effect::Other,
    }
}

fn network(from: &Product, to: &Product) -> Option<FactChange> {
    (from.network_type != to.network_type).then(|| FactChange {
        fact: PlanFact::Network,
        from: FactValue::Name(from.network_type.clone()),
        to: FactValue::Name(to.network_type.clone()),
        effect: Effect::Other,
    })
}

/// The items of `these` that are not in `those`, in their order.
fn missing(these: &[String], those: &[String]) -> Vec<String> {
    these
        .iter()
        .filter(|benefit| !those.contains(benefit))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Effect, PlanDifference, PlanFact};
    use crate::model::{Allowance, Product, Won};

    fn plan(fee: i64, data: Allowance, voice: Allowance, network: &str) -> Product {
        Product {
            code: "PLAN-1".parse().unwrap(),
            name: "plan".into(),
            monthly_fee: Won(fee),
            data_mb: data,
            voice_minutes: voice,
            sms_count: Allowance::Unlimited,
            network_type: network.into(),
            description: String::new(),
            benefits: Vec::new(),
        }
    }

    #[test]
    fn only_what_differs_is_told() {
        let one = plan(
            39_000,
            Allowance::Limited(5_120),
            Allowance::Unlimited,
            "LTE",
        );
        let difference = PlanDifference::between(&one, &one);
        assert_eq!(difference.fee, Won(0));
        assert!(difference.facts.is_empty());
    }

    #[test]
    fn unlimited_beats_any_limit_and_unknown_is_never_judged() {
        let limited = Allowance::Limited(u64::MAX);
        for (from, to, effect) in [
            (limited, Allowance::Unlimited, Effect::Gain),
            (Allowance::Unlimited, limited, Effect::Loss),
            (Allowance::Limited(2), Allowance::Limited(1), Effect::Loss),
            (Allowance::Unknown, limited, Effect::Other),
            (Allowance::Unlimited, Allowance::Unknown, Effect::Other),
        ] {
            let difference = PlanDifference::between(
                &plan(1, from, Allowance::Unknown, "5G"),
                &plan(1, to, Allowance::Unknown, "5G"),
            );
            let [change] = difference.facts.as_slice() else {
                panic!("one fact differs: {:?}", difference.facts);
            };
            assert_eq!((change.fact, change.effect), (PlanFact::Data, effect));
            assert_eq!(difference.losses().count() == 1, effect == Effect::Loss);
        }
    }

    #[test]
    fn benefits_are_named_on_both_sides() {
        let mut from = plan(39_000, Allowance::Unlimited, Allowance::Unlimited, "LTE");
        let mut to = plan(69_000, Allowance::Unlimited, Allowance::Unlimited, "5G");
        from.benefits = vec!["a".into(), "b".into()];
        to.benefits = vec!["b".into(), "c".into()];
        let difference = PlanDifference::between(&from, &to);
        assert_eq!(difference.fee, Won(30_000));
        assert_eq!(difference.gained_benefits, ["c"]);
        assert_eq!(difference.lost_benefits, ["a"]);
        assert_eq!(difference.facts.len(), 1);
        assert_eq!(difference.facts[0].fact, PlanFact::Network);
    }
}
