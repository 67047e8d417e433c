//! Changes: sent once; an unknown outcome is reported as unknown.

use super::{Rig, impatient, limits, line, plan, unbreakable};
use crate::support::wait::until;
use app::model::{KstDate, RejectReason};
use server::{
    config::KosConfig,
    kos::{ChangeLookup, KosChange, KosChangeError, KosError, NotSent},
};
use simulator::Capabilities;

const LINE: &str = "01012345678";
const FROM: &str = "5G-STANDARD-001";
const TO: &str = "LTE-BASIC-001";

async fn rig(limits: KosConfig) -> Rig {
    Rig::with(Capabilities::ALL, limits, unbreakable()).await
}

async fn change(rig: &Rig, id: &str, to: &str) -> Result<KosChange, KosChangeError> {
    rig.kos
        .change(id, &line(LINE), &plan(FROM), &plan(to), &|| true)
        .await
}

#[tokio::test]
async fn a_change_is_applied_and_told_as_kos_tells_it() {
    let rig = rig(limits()).await;
    let done = change(&rig, "req-0001", TO).await.unwrap();
    assert_eq!(
        done.effective_date,
        Some("2026-11-21".parse::<KstDate>().unwrap())
    );
    assert!(done.kos_order_number.is_some());
    assert_eq!(done.new_product.clone().unwrap().code, plan(TO));
    assert_eq!((rig.attempts(), rig.applied()), (1, 1));

    let found = rig.kos.change_status("req-0001").await.unwrap();
    assert!(matches!(found, ChangeLookup::Applied(it) if it.new_product == done.new_product));
    let other = rig.kos.change_status("req-0002").await.unwrap();
    assert_eq!(other, ChangeLookup::NotFound);
}

#[tokio::test]
async fn refusals_are_final_and_have_their_reasons() {
    let rig = rig(limits()).await;
    for (to, reason) in [
        ("NO-SUCH-PLAN", RejectReason::ProductNotFound),
        ("3G-OLD-001", RejectReason::ProductNotOnSale),
        ("5G-PURE-001", RejectReason::OperatorMismatch),
    ] {
        let answer = change(&rig, to, to).await;
        assert!(
            matches!(answer, Err(KosChangeError::Refused(r)) if r == reason),
            "{to}"
        );
    }
    for (code, reason) in [
        ("2002", RejectReason::LineNotActive),
        ("2006", RejectReason::CurrentProductChanged),
        ("2099", RejectReason::Refused),
        ("9005", RejectReason::Refused),
    ] {
        rig.faults(&[&format!("kos.change=refuse:{code}")]);
        let answer = change(&rig, code, TO).await;
        assert!(
            matches!(answer, Err(KosChangeError::Refused(r)) if r == reason),
            "{code}"
        );
    }
    assert_eq!(rig.applied(), 0);
}

#[tokio::test]
async fn what_kos_is_still_working_on_is_accepted_and_no_failure() {
    let rig = rig(limits()).await;
    rig.faults(&["kos.change=accepted:20"]);
    let answer = change(&rig, "req-0001", TO).await;
    assert!(
        matches!(answer, Err(KosChangeError::Accepted)),
        "{answer:?}"
    );
    until("it is applied", async || rig.applied() == 1).await;
    assert_eq!(rig.attempts(), 1);
}

#[tokio::test]
async fn whatever_breaks_after_sending_is_unclear_and_sent_once() {
    for (fault, applied) in [
        ("lost_answer", 1),
        ("half_body", 1),
        ("garbage", 1),
        ("error_after:500", 1),
        ("reset", 0),
        ("error_before:503", 0),
        ("error_before:404", 0),
        ("refuse:8888", 0),
        ("refuse:9998", 0),
    ] {
        let rig = rig(limits()).await;
        rig.faults(&[&format!("kos.change={fault}")]);
        let answer = change(&rig, "req-0001", TO).await;
        assert!(
            matches!(answer, Err(KosChangeError::Unclear(_))),
            "{fault}: {answer:?}"
        );
        assert_eq!((rig.attempts(), rig.applied()), (1, applied), "{fault}");
    }
    for (fault, applied) in [("hang", 0), ("hang_after", 1), ("slow_drip:50", 1)] {
        let rig = rig(impatient()).await;
        rig.faults(&[&format!("kos.change={fault}")]);
        let answer = change(&rig, "req-0001", TO).await;
        assert!(
            matches!(answer, Err(KosChangeError::Unclear(KosError::Timeout))),
            "{fault}: {answer:?}"
        );
        assert_eq!((rig.attempts(), rig.applied()), (1, applied), "{fault}");
    }
}

#[tokio::test]
async fn without_a_listener_a_change_is_known_not_to_be_sent() {
    let Rig { simulator, kos, .. } = rig(limits()).await;
    simulator.stop().await;
    let answer = kos
        .change("req-0001", &line(LINE), &plan(FROM), &plan(TO), &|| true)
        .await;
    assert!(matches!(
        answer,
        Err(KosChangeError::NotSent(KosError::Unavailable { .. }))
    ));
}

#[tokio::test]
async fn a_sender_whose_time_is_over_sends_nothing() {
    let rig = rig(limits()).await;
    let answer = rig
        .kos
        .change("req-0001", &line(LINE), &plan(FROM), &plan(TO), &|| false)
        .await;
    assert!(matches!(
        answer,
        Err(KosChangeError::NotSent(KosError::Unavailable {
            why: NotSent::TooLate,
            ..
        }))
    ));
    assert_eq!((rig.attempts(), rig.applied()), (0, 0));
}

#[tokio::test]
async fn a_kos_without_lookup_never_says_not_found() {
    let rig = Rig::with(Capabilities::BASE, limits(), unbreakable()).await;
    let answer = rig.kos.change_status("req-0001").await;
    assert!(matches!(answer, Err(KosError::Failed(_))), "{answer:?}");
}
