//! The behaviours of KOS with a change, and the places each leads past.

/// The answer to the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Done,
    Refused,
    Unclear,
}

/// When KOS applies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applied {
    AtOnce,
    Late,
    Never,
}

/// KOS's behaviour with the first change it receives.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// The simulator's fault rule; empty: none.
    pub fault: &'static str,
    answer: Answer,
    applied: Applied,
    /// After the first death, a shop moves the line to a third plan.
    pub third_plan: bool,
}

/// Whether a life reaches a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Always,
    /// Depending on the load of the machine.
    Perhaps,
    Never,
}

const fn behaviour(fault: &'static str, answer: Answer, applied: Applied) -> Behaviour {
    Behaviour {
        fault,
        answer,
        applied,
        third_plan: false,
    }
}

const fn and_a_shop(behaviour: Behaviour) -> Behaviour {
    Behaviour {
        third_plan: true,
        ..behaviour
    }
}

use Answer::{Done, Refused, Unclear};
use Applied::{AtOnce, Late, Never};

pub const BEHAVIOURS: [Behaviour; 15] = [
    behaviour("", Done, AtOnce),
    behaviour("duplicate_delivery", Done, AtOnce),
    behaviour("refuse:2003", Refused, Never),
    behaviour("lost_answer", Unclear, AtOnce),
    behaviour("error_after:500", Unclear, AtOnce),
    behaviour("half_body", Unclear, AtOnce),
    behaviour("garbage", Unclear, AtOnce),
    behaviour("hang_after", Unclear, AtOnce),
    behaviour("delay:700", Unclear, Late),
    behaviour("accepted:700", Unclear, Late),
    behaviour("error_before:500", Unclear, Never),
    behaviour("hang", Unclear, Never),
    behaviour("reset", Unclear, Never),
    and_a_shop(behaviour("lost_answer", Unclear, AtOnce)),
    and_a_shop(behaviour("error_before:500", Unclear, Never)),
];

impl Behaviour {
    /// Whether a life reaches a place; `capable`: KOS offers K1 to K4.
    ///
    /// - `submit.refusal`: no change is begun, so there is none for a shop to disturb.
    /// - `submit.end`: the answer was clear; `submit.unknown`: it was not.
    /// - `reconcile.manual`: the line is on a third plan, and KOS cannot be asked for the change.
    ///   Then nothing else settles it, and there is nothing to ask later.
    /// - `reconcile.later`: KOS shows no change yet, and the horizon has not passed. A change applied at
    ///   once shows at the first question; if an earlier life dies first, its successor may come too
    ///   late.
    /// - All other places are always reached.
    pub fn leads_past(&self, place: &str, capable: bool) -> Reach {
        let needs_a_person = self.third_plan && !capable;
        let step = place.rsplit_once('.').map_or(place, |(step, _)| step);
        let always_if = |holds| if holds { Reach::Always } else { Reach::Never };
        match step {
            "submit.refusal" => always_if(!self.third_plan),
            "submit.end" => always_if(self.answer != Unclear),
            "submit.unknown" => always_if(self.answer == Unclear),
            "reconcile.end" => always_if(!needs_a_person),
            "reconcile.manual" => always_if(needs_a_person),
            "reconcile.later" => match self.applied {
                _ if needs_a_person => Reach::Never,
                AtOnce => Reach::Never,
                Never if self.asks_in_the_same_life() => Reach::Always,
                Late | Never => Reach::Perhaps,
            },
            _ => Reach::Always,
        }
    }

    /// Whether, by the behaviour, the life that sent is also the one that asks.
    pub fn asks_in_the_same_life(&self) -> bool {
        self.answer == Unclear && !self.third_plan
    }
}
