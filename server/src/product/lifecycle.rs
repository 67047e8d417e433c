//! The life of a change: a pure state machine.
//!
//! ```text
//! INTENT → CALLING → COMPLETED | REJECTED
//!    │        └────→ UNKNOWN → COMPLETED | REJECTED | NOT_APPLIED
//!    │                   └───→ MANUAL → COMPLETED | NOT_APPLIED
//!    └→ NOT_APPLIED
//! ```
//!
//! A change exists from `INTENT` on; each state is committed before the byte that it allows. No
//! byte goes to KOS before `CALLING`, so an intent found without an owner was never sent. From
//! `CALLING` on only an answer of KOS ends a change.

use app::model::ChangeStatus;

/// The states of changes without an end, as SQL lists them; the partial index `product_change_open` has
/// the same list.
macro_rules! open_states {
    () => {
        "('INTENT', 'CALLING', 'UNKNOWN', 'MANUAL')"
    };
}
pub(super) use open_states;

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The checks passed. Committed: line, products, key. Nothing was sent.
    Intent,
    /// Committed: from here on bytes may be on the wire, once.
    Calling,
    /// Sent, and how it ended is not known. KOS is asked; nothing is sent again.
    Unknown,
    /// Asking did not settle it; a person decides. The line stays closed to other changes.
    Manual,
    /// KOS applied it.
    Completed,
    /// KOS refused it.
    Rejected,
    /// KOS never applied it, and no longer can.
    NotApplied,
}

impl State {
    pub const ALL: [Self; 7] = [
        Self::Intent,
        Self::Calling,
        Self::Unknown,
        Self::Manual,
        Self::Completed,
        Self::Rejected,
        Self::NotApplied,
    ];

    /// Where it can go from here, in one step.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Intent => &[Self::Calling, Self::NotApplied],
            Self::Calling => &[Self::Completed, Self::Rejected, Self::Unknown],
            Self::Unknown => &[
                Self::Completed,
                Self::Rejected,
                Self::NotApplied,
                Self::Manual,
            ],
            Self::Manual => &[Self::Completed, Self::NotApplied],
            Self::Completed | Self::Rejected | Self::NotApplied => &[],
        }
    }

    pub fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }

    /// Nothing changes it any more.
    pub fn is_terminal(self) -> bool {
        self.next().is_empty()
    }

    /// What a customer is told. Whatever was sent and is not settled is being confirmed, never
    /// failed.
    pub fn customer_status(self) -> ChangeStatus {
        match self {
            Self::Completed => ChangeStatus::Completed,
            Self::Rejected | Self::NotApplied => ChangeStatus::Failed,
            Self::Intent | Self::Calling | Self::Unknown | Self::Manual => ChangeStatus::Pending,
        }
    }

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "INTENT",
            Self::Calling => "CALLING",
            Self::Unknown => "UNKNOWN",
            Self::Manual => "MANUAL",
            Self::Completed => "COMPLETED",
            Self::Rejected => "REJECTED",
            Self::NotApplied => "NOT_APPLIED",
        }
    }

    /// The state of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::State;
    use app::model::ChangeStatus;
    use proptest::prelude::*;

    #[test]
    fn what_was_never_sent_cannot_complete_and_what_was_sent_needs_an_answer() {
        assert!(!State::Intent.may_become(State::Completed));
        assert!(!State::Calling.may_become(State::NotApplied));
        for state in State::ALL {
            assert_eq!(State::of_name(state.as_str()), Some(state));
            assert_eq!(
                state.is_terminal(),
                state.customer_status() != ChangeStatus::Pending
            );
        }
    }

    #[test]
    fn statements_list_the_states_without_an_end() {
        let open = State::ALL.into_iter().filter(|state| !state.is_terminal());
        let names: Vec<_> = open.map(|state| format!("'{}'", state.as_str())).collect();
        assert_eq!(open_states!(), format!("({})", names.join(", ")));
    }

    proptest! {
        /// Whatever is tried in whatever order: the life only goes forward, and its end is final.
        #[test]
        fn life_goes_forward_and_ends_once(tries in prop::collection::vec(0_usize..7, 0..200)) {
            let mut state = State::Intent;
            let mut seen = vec![state];
            let mut told = ChangeStatus::Pending;
            for next in tries.into_iter().map(|index| State::ALL[index]) {
                if !state.may_become(next) {
                    continue;
                }
                prop_assert!(!state.is_terminal());
                prop_assert!(!seen.contains(&next), "{next:?} twice");
                prop_assert_eq!(told, ChangeStatus::Pending);
                state = next;
                told = state.customer_status();
                seen.push(state);
            }
        }

        /// Nobody is stuck: from everywhere an end can be reached.
        #[test]
        fn every_state_can_end(index in 0_usize..7) {
            let mut reach = vec![State::ALL[index]];
            while let Some(state) = reach.pop() {
                if state.is_terminal() {
                    return Ok(());
                }
                reach.extend(state.next());
            }
            prop_assert!(false, "no end");
        }
    }
}
