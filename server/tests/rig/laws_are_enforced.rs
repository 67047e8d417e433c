//! Tests of the laws: a faultless history passes, and each law finds its planted fault, and only that.

use crate::{
    faultless_history::{LINE, answer, applied, arrival, good, page, status_of},
    laws::{
        Law, Violation, judge,
        ledgers::{Applied, Delivery, Ledgers, Moment, Says, Shown, State},
    },
};
use std::collections::BTreeSet;

/// The laws that the planted fault breaks.
fn broken(plant: impl FnOnce(&mut Ledgers)) -> BTreeSet<Law> {
    let mut ledgers = good();
    plant(&mut ledgers);
    judge(&ledgers).into_iter().map(|found| found.law).collect()
}

fn only(law: Law) -> BTreeSet<Law> {
    BTreeSet::from([law])
}

#[test]
fn a_history_without_fault_passes() {
    assert_eq!(judge(&good()), []);
}

#[test]
fn v1_finds_what_was_sent_or_applied_twice_or_without_a_row() {
    assert_eq!(
        broken(|all| all.kos.arrived.push(arrival("one"))),
        only(Law::V1)
    );
    assert_eq!(
        broken(|all| all.kos.arrived.push(arrival("unknown"))),
        only(Law::V1)
    );
    assert_eq!(
        broken(|all| all.kos.applied.insert(1, applied("one", "A"))),
        only(Law::V1)
    );
    assert_eq!(
        broken(|all| all.row("two").key = "key-one".into()),
        only(Law::V1)
    );
    let two_presses = |all: &mut Ledgers| all.kos.applied[1].from = "the first".into();
    assert_eq!(broken(two_presses), only(Law::V1));
    // A change that the network doubled and KOS applied twice could not be prevented here.
    let doubled = broken(|all| {
        all.kos.arrived[0].doubled_by_network = true;
        all.kos.applied.insert(1, applied("one", "A"));
    });
    assert_eq!(doubled, BTreeSet::new());
}

#[test]
fn v2_finds_a_completion_that_never_was() {
    let never = |all: &mut Ledgers| {
        all.kos.applied.retain(|change| change.request_id != "two");
        all.told
            .retain(|told| !matches!(told.what, Shown::Page { .. }));
    };
    assert_eq!(broken(never), only(Law::V2));
    let told = broken(|all| {
        all.told.clear();
        all.show(status_of("three", Says::Completed));
    });
    assert_eq!(told, only(Law::V2));
}

#[test]
fn v3_finds_what_was_applied_and_not_recorded_or_stays_open() {
    let unrecorded = broken(|all| all.kos.applied.push(applied("by-another-id", "C")));
    assert_eq!(unrecorded, only(Law::V3));
    let open = broken(|all| {
        all.row("three").state = State::Unknown;
        all.record.history.pop();
        all.ap.pop();
    });
    assert_eq!(open, only(Law::V3));
}

#[test]
fn v4_finds_a_failure_that_happened() {
    assert!(broken(|all| all.kos.applied.push(applied("three", "C"))).contains(&Law::V4));
    let told = broken(|all| {
        all.told.clear();
        all.show(status_of("one", Says::Failed));
    });
    assert_eq!(told, only(Law::V4));
}

#[test]
fn v5_finds_a_missing_doubled_different_or_unchained_event() {
    let plants: [fn(&mut Ledgers); 9] = [
        |all| drop(all.record.history.pop()),
        |all| drop(all.record.outbox.pop()),
        |all| drop(all.ap.pop()),
        |all| all.record.history.push(all.record.history[2].clone()),
        |all| {
            all.ap.push(Delivery {
                event_id: "second".into(),
                ..all.ap[0].clone()
            })
        },
        |all| all.ap[0].payload = "another".into(),
        |all| all.ap[0].result = "FAILURE".into(),
        |all| all.record.history[2].seq = 4,
        |all| all.record.chain_broken_at = Some("event-two".into()),
    ];
    for (index, plant) in plants.into_iter().enumerate() {
        assert_eq!(broken(plant), only(Law::V5), "{index}");
    }
    // A duplicate event is fine: delivery is at least once.
    assert_eq!(
        broken(|all| all.ap.push(all.ap[0].clone())),
        BTreeSet::new()
    );
}

#[test]
fn v6_finds_a_second_open_change() {
    let second = |all: &mut Ledgers| {
        let states = ["three", "four"].map(|id| (LINE.into(), id.into(), State::Calling));
        all.moments.insert(
            4,
            Moment {
                states: states.into(),
            },
        );
    };
    assert_eq!(broken(second), only(Law::V6));
}

#[test]
fn v7_finds_an_answer_that_was_forgotten() {
    let forget = |id: &'static str| {
        broken(move |all| {
            all.record.bill_inquiries.clear();
            all.told
                .retain(|told| !matches!(told.what, Shown::Bill { .. }));
            all.show(answer(id, 202, Says::Pending));
        })
    };
    assert_eq!(forget("forgotten"), only(Law::V7));
    assert_eq!(
        broken(|all| all.record.bill_inquiries.clear()),
        only(Law::V7)
    );
}

#[test]
fn v8_finds_other_bytes_and_answers_that_were_not_kept() {
    let other = broken(|all| {
        let Shown::Answer { body, .. } = &mut all.told[1].what else {
            unreachable!();
        };
        body.push(' ');
    });
    assert_eq!(other, only(Law::V8));
    assert_eq!(
        broken(|all| all.record.answers[0].answer = None),
        only(Law::V8)
    );
    let again_after_503 = broken(|all| {
        let Shown::Answer { status, body, .. } = &mut all.told[0].what else {
            unreachable!();
        };
        (*status, *body) = (503, "later".into());
    });
    assert_eq!(again_after_503, BTreeSet::new());
}

#[test]
fn v9_finds_the_wrong_order() {
    assert_eq!(broken(|all| all.ap.swap(0, 1)), only(Law::V9));
    // A late duplicate of the first event is not out of order.
    assert_eq!(
        broken(|all| all.ap.insert(2, all.ap[0].clone())),
        BTreeSet::new()
    );
}

#[test]
fn v10_finds_the_old_plan_after_completion_was_shown() {
    assert_eq!(broken(|all| all.show(page("A"))), only(Law::V10));
    // Asked before the completion was shown: either plan may be seen.
    let raced = broken(|all| {
        all.show(page("A"));
        all.told.last_mut().unwrap().asked = 8;
    });
    assert_eq!(raced, BTreeSet::new());
}

#[test]
fn v11_finds_a_step_back_in_the_record_and_in_what_is_told() {
    let back = |all: &mut Ledgers| {
        let states = vec![(LINE.into(), "one".into(), State::Calling)];
        all.moments.push(Moment { states });
    };
    assert_eq!(broken(back), only(Law::V11));
    let told = broken(|all| all.show(status_of("one", Says::Pending)));
    assert_eq!(told, only(Law::V11));
    for earlier in State::ALL {
        assert!(State::of_name(earlier.name()) == Some(earlier));
        for later in State::ALL {
            let both = earlier.may_lead_to(later) && later.may_lead_to(earlier);
            assert_eq!(both, earlier == later, "{earlier:?} and {later:?}");
        }
    }
}

#[test]
fn a_change_in_a_shop_concerns_pages_alone() {
    let shop = |to: &str| Applied {
        by_somebody_else: true,
        ..applied("in a shop", to)
    };
    let shown = broken(|all| {
        all.kos.applied.push(shop("C"));
        all.show(page("C"));
    });
    assert_eq!(shown, BTreeSet::new());
    let never_made = broken(|all| {
        all.kos.applied.push(shop("C"));
        all.show(page("D"));
    });
    assert_eq!(never_made, only(Law::V10));
}

#[test]
fn a_difference_is_told_with_its_law() {
    let what = "it did not die where it was to die".to_owned();
    let told = Violation {
        law: Law::Rig,
        what,
    };
    assert_eq!(told.to_string(), "Rig: it did not die where it was to die");
}
