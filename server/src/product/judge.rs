//! What an answer of KOS means for a change whose own answer was lost. Pure.

use super::record::{ChangeRecord, Outcome};
use crate::kos::ChangeLookup;
use app::model::ProductCode;

/// KOS's answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    /// Its record of the change (K1).
    Change(ChangeLookup),
    /// The line's current plan.
    Line(ProductCode),
    /// No answer, or one that says nothing about the plan.
    Nothing,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Ended(Outcome),
    AskAgain,
    /// The line is on a third plan: asking cannot show what happened in between.
    Ambiguous,
}

/// `too_late`: a request sent for the change can no longer be applied (K2), and KOS never answered that
/// it was working on it. Before that, "not found" means nothing: the request may still arrive.
pub(super) fn judge(change: &ChangeRecord, told: &Told, too_late: bool) -> Judgement {
    match told {
        Told::Change(ChangeLookup::Applied(applied)) => Judgement::Ended(Outcome::Completed {
            effective_date: applied.effective_date.clone(),
            kos_order_number: applied.kos_order_number.clone(),
        }),
        Told::Change(ChangeLookup::Refused(reason)) => Judgement::Ended(Outcome::Rejected(*reason)),
        // The order number and the date were in the answer that was lost.
        Told::Line(on) if *on == change.to.code => Judgement::Ended(Outcome::Completed {
            effective_date: None,
            kos_order_number: None,
        }),
        Told::Line(on) if *on != change.from.code => Judgement::Ambiguous,
        Told::Change(ChangeLookup::NotFound) | Told::Line(_) if too_late => {
            Judgement::Ended(Outcome::NotApplied)
        }
        Told::Change(ChangeLookup::NotFound) | Told::Line(_) | Told::Nothing => Judgement::AskAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::{Judgement, Told, judge};
    use crate::{
        kos::{ChangeLookup, KosChange},
        product::record::{Outcome, tests::record},
    };
    use app::model::RejectReason;

    #[test]
    fn only_an_answer_of_kos_ends_a_change() {
        let change = record();
        let line = |code: &str| Told::Line(code.parse().unwrap());
        let applied = |number: Option<&str>| Outcome::Completed {
            effective_date: None,
            kos_order_number: number.map(str::to_owned),
        };
        let recorded = Told::Change(ChangeLookup::Applied(KosChange {
            new_product: None,
            effective_date: None,
            kos_order_number: Some("KOS-1".into()),
        }));
        let refused = Told::Change(ChangeLookup::Refused(RejectReason::Refused));
        let not_found = Told::Change(ChangeLookup::NotFound);
        use Judgement::{Ambiguous, AskAgain, Ended};
        for (told, early, late) in [
            (
                line("5G-STANDARD-001"),
                Ended(applied(None)),
                Ended(applied(None)),
            ),
            (line("LTE-BASIC-001"), AskAgain, Ended(Outcome::NotApplied)),
            (line("3G-OLD-001"), Ambiguous, Ambiguous),
            (
                recorded,
                Ended(applied(Some("KOS-1"))),
                Ended(applied(Some("KOS-1"))),
            ),
            (
                refused,
                Ended(Outcome::Rejected(RejectReason::Refused)),
                Ended(Outcome::Rejected(RejectReason::Refused)),
            ),
            (not_found, AskAgain, Ended(Outcome::NotApplied)),
            (Told::Nothing, AskAgain, AskAgain),
        ] {
            assert_eq!(judge(&change, &told, false), early, "{told:?}");
            assert_eq!(judge(&change, &told, true), late, "{told:?}");
        }
    }
}
