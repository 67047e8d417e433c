//! Limits of calls to KOS: a retry budget, calls per minute, none while the breaker is open.

use super::{LONGER_THAN_OPEN, Rig, impatient, limits, line, thresholds, unbreakable};
use app::model::BillingMonth;
use server::{
    clock::Clock,
    config::KosConfig,
    kos::{KosBill, KosError, NotSent},
};
use simulator::{Capabilities, Operation};
use std::time::Duration;

async fn open_the_breaker(rig: &Rig) {
    rig.faults(&["kos.bill=error_before:503"]);
    while !matches!(
        bill(rig).await,
        Err(KosError::Unavailable {
            why: NotSent::BreakerOpen,
            ..
        })
    ) {}
}

async fn bill(rig: &Rig) -> Result<KosBill, KosError> {
    let month: BillingMonth = "2026-11".parse().unwrap();
    rig.kos.bill("req-0001", &line("01012345678"), month).await
}

#[tokio::test]
async fn a_tenth_of_the_inquiries_is_asked_once_more_and_no_change_ever() {
    let rig = Rig::with(Capabilities::ALL, limits(), unbreakable()).await;
    let asked = |rig: &Rig| rig.simulator.journal().calls(Operation::Bill);
    for _ in 0..20 {
        bill(&rig).await.unwrap();
    }
    // Two retries are saved up.
    rig.faults(&["kos.bill=error_before:503*1"]);
    bill(&rig).await.unwrap();
    assert_eq!(asked(&rig), 22);
    rig.faults(&["kos.bill=reset"]);
    for _ in 0..20 {
        bill(&rig).await.unwrap_err();
    }
    let again = asked(&rig) - 22 - 20;
    assert!((1..=4).contains(&again), "asked again {again} times");
    // An answered call is not retried.
    rig.faults(&["kos.bill=refuse:1001"]);
    let before = asked(&rig);
    for _ in 0..20 {
        bill(&rig).await.unwrap_err();
    }
    assert_eq!(asked(&rig), before + 20);
    rig.faults(&["kos.change=error_before:503"]);
    for number in 0..5 {
        let id = format!("req-change-{number}");
        let (from, to) = (super::plan("5G-STANDARD-001"), super::plan("LTE-BASIC-001"));
        let number = line("01012345678");
        let changed = rig.kos.change(&id, &number, &from, &to, &|| true).await;
        changed.unwrap_err();
    }
    assert_eq!(rig.attempts(), 5, "a change was sent twice");
}

#[tokio::test]
async fn a_call_that_was_not_sent_earns_no_retry() {
    let rig = Rig::with(Capabilities::ALL, limits(), thresholds()).await;
    open_the_breaker(&rig).await;
    for _ in 0..200 {
        bill(&rig).await.unwrap_err();
    }
    let heard = rig.simulator.journal().calls(Operation::Bill);
    rig.clock.advance(LONGER_THAN_OPEN);
    bill(&rig).await.unwrap_err();
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), heard + 1);
}

/// Ten retries without pauses would take almost no time; with them, half a second.
#[tokio::test]
async fn before_the_second_try_there_is_a_pause() {
    let rig = Rig::with(Capabilities::ALL, limits(), unbreakable()).await;
    for _ in 0..100 {
        bill(&rig).await.unwrap();
    }
    let clock = Clock::system();
    for _ in 0..10 {
        rig.faults(&["kos.bill=error_before:503*1"]);
        bill(&rig).await.unwrap();
    }
    // The seed determines the pauses.
    let took = clock.monotonic();
    assert!(took > Duration::from_millis(300), "{took:?}");
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), 120);
}

/// Both tries share one deadline, and each is counted by its own outcome.
#[tokio::test]
async fn a_second_try_that_hangs_ends_with_the_first_ones_deadline_and_is_counted() {
    let rig = Rig::with(Capabilities::ALL, impatient(), unbreakable()).await;
    for _ in 0..10 {
        bill(&rig).await.unwrap();
    }
    rig.faults(&["kos.bill=error_before:503*1", "kos.bill=hang"]);
    let clock = Clock::system();
    let ended = bill(&rig).await;
    assert!(matches!(ended, Err(KosError::Timeout)), "{ended:?}");
    // Far below two deadlines, with room for a busy machine.
    assert!(clock.monotonic() < Duration::from_secs(3));
    let count = |result| rig.kos.metrics().count("kos.bill", result);
    assert_eq!((count("timeout"), count("failed")), (1, 1));
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), 12);
}

#[tokio::test]
async fn a_quota_turns_calls_away_before_they_are_sent() {
    let quota = KosConfig {
        calls_per_minute: 66,
        ..limits()
    };
    let rig = Rig::with(Capabilities::ALL, quota, unbreakable()).await;
    for _ in 0..6 {
        bill(&rig).await.unwrap();
    }
    let turned_away = bill(&rig).await.unwrap_err();
    assert!(
        matches!(
            turned_away,
            KosError::Unavailable {
                why: NotSent::QuotaSpent,
                retry_after_s: 1
            }
        ),
        "{turned_away:?}"
    );
    rig.clock.advance(Duration::from_secs(1));
    bill(&rig).await.unwrap();
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), 7);
}

#[tokio::test]
async fn while_the_breaker_is_open_every_answer_is_quick_and_kos_hears_nothing() {
    let rig = Rig::with(Capabilities::ALL, limits(), thresholds()).await;
    open_the_breaker(&rig).await;
    let heard = rig.simulator.journal().calls(Operation::Bill);
    let clock = Clock::system();
    let mut took = Vec::new();
    for _ in 0..200 {
        let begun = clock.monotonic();
        bill(&rig).await.unwrap_err();
        took.push(clock.monotonic() - begun);
    }
    took.sort();
    println!("breaker open: p50 {:?}, p99 {:?}", took[100], took[198]);
    assert!(took[198] < Duration::from_millis(500), "{:?}", took[198]);
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), heard);
    let open = rig.kos.metrics().count("kos.bill", "breaker_open");
    assert_eq!(open, 201);
    // Other operations are not affected.
    rig.kos
        .line("req-0002", &line("01012345678"))
        .await
        .unwrap();
}
