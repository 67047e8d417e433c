//! What KOS does with a change, and past which places each of that leads.

/// How the sender is answered.
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

/// What KOS does with the first change it gets.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// The fault, in the words of the stand-in; empty: none.
    pub fault: &'static str,
    answer: Answer,
    applied: Applied,
    /// After the first death a shop sets the line on a third plan.
    pub third_plan: bool,
}

/// Whether a life comes by a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Always,
    /// By how busy the machine is.
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
    /// Whether a life comes by that place; `capable`: KOS offers K1 to K4.
    ///
    /// - `submit.refusal`: nothing is begun, so a shop has nothing to disturb.
    /// - `submit.end`: the answer was clear; `submit.unknown`: it was not.
    /// - `reconcile.manual`: the line is on a third plan, and KOS cannot be asked for the change.
    ///   Then nothing else ends it, and there is nothing to ask later.
    /// - `reconcile.later`: KOS shows nothing yet, and it is not too late. What was applied at once
    ///   shows at the first question; where an earlier life had to die first, its successor may come
    ///   when it is too late already.
    /// - Everything else is on everybody's way.
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

    /// Whether the life that sent is also the one that asks, as far as the behaviour goes.
    pub fn asks_in_the_same_life(&self) -> bool {
        self.answer == Unclear && !self.third_plan
    }
}
