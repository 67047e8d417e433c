//! The breakers around real calls, on a manual clock.

use super::{LONGER_THAN_OPEN, Rig, limits, line, plan, thresholds};
use crate::support::wait::until;
use server::{
    clock::Clock,
    kos::{KosChangeError, KosError, NotSent},
    resilience::BreakerState,
};
use simulator::{Capabilities, Operation};
use std::time::Duration;

const LINE: &str = "01012345678";

fn state(rig: &Rig, name: &str) -> BreakerState {
    let health = rig.kos.health();
    health
        .operations
        .iter()
        .find(|operation| operation.name == name)
        .unwrap()
        .state
}

#[tokio::test]
async fn opens_then_answers_at_once_and_closes_after_the_wait() {
    let rig = Rig::start().await;
    let ask = || async { rig.kos.line("req-0001", &line(LINE)).await };
    rig.faults(&["kos.product=error_before:503"]);
    for _ in 0..4 {
        assert!(matches!(ask().await, Err(KosError::Failed(_))));
    }
    assert_eq!(state(&rig, "kos.line"), BreakerState::Open);

    rig.faults(&["kos.product=hang"]);
    for _ in 0..50 {
        match ask().await {
            Err(KosError::Unavailable {
                why: NotSent::BreakerOpen,
                retry_after_s,
            }) => assert!((1..=11).contains(&retry_after_s)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rig.simulator.journal().calls(Operation::Product), 4);

    rig.faults(&[]);
    rig.clock.advance(LONGER_THAN_OPEN);
    for _ in 0..3 {
        assert!(ask().await.is_ok());
    }
    assert_eq!(state(&rig, "kos.line"), BreakerState::Closed);
}

#[tokio::test]
async fn one_operation_failing_leaves_the_others_alone() {
    let rig = Rig::start().await;
    rig.faults(&["kos.list=reset"]);
    for _ in 0..4 {
        assert!(rig.kos.catalogue("req-0001").await.is_err());
    }
    assert_eq!(state(&rig, "kos.catalogue"), BreakerState::Open);
    assert!(rig.kos.line("req-0002", &line(LINE)).await.is_ok());
}

#[tokio::test]
async fn a_cancelled_call_is_a_failure() {
    let rig = Rig::start().await;
    rig.faults(&["kos.product=hang"]);
    let kos = rig.kos.clone();
    let call = tokio::spawn(async move { kos.line("req-0001", &line(LINE)).await.is_ok() });
    let clock = Clock::system();
    while rig.simulator.journal().calls(Operation::Product) == 0 {
        assert!(
            clock.monotonic() < Duration::from_secs(10),
            "the call never arrived"
        );
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let failed: usize = rig.kos.health().operations.iter().map(|o| o.failed).sum();
    assert_eq!(failed, 1);
}

#[tokio::test]
async fn a_customers_change_is_never_the_experiment() {
    let rig = Rig::with(Capabilities::ALL, limits(), thresholds()).await;
    let change = |id: &'static str| {
        let kos = rig.kos.clone();
        async move {
            let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
            kos.change(id, &line(LINE), &from, &to, &|| true).await
        }
    };
    rig.faults(&["kos.change=error_before:503"]);
    for id in ["req-0001", "req-0002", "req-0003", "req-0004"] {
        assert!(matches!(change(id).await, Err(KosChangeError::Unclear(_))));
    }
    assert_eq!(rig.attempts(), 4);
    let refused = change("req-0005").await;
    assert!(matches!(refused, Err(KosChangeError::NotSent(_))));

    // Half-open while KOS still fails: an inquiry is the probe, the change is not sent.
    rig.faults(&["kos=error_before:503"]);
    rig.clock.advance(LONGER_THAN_OPEN);
    let refused = change("req-0006").await;
    assert!(matches!(refused, Err(KosChangeError::NotSent(_))));
    assert_eq!(rig.simulator.journal().calls(Operation::Product), 1);
    assert_eq!(rig.attempts(), 4);

    // KOS is back: three inquiries close the breaker, then the change is sent, once.
    rig.faults(&[]);
    while state(&rig, "kos.change") != BreakerState::Closed {
        rig.clock.advance(LONGER_THAN_OPEN);
        let sent = change("req-0007").await;
        if sent.is_ok() {
            break;
        }
        assert!(matches!(sent, Err(KosChangeError::NotSent(_))));
    }
    assert_eq!((rig.attempts(), rig.applied()), (5, 1));
}

/// Both breakers are half-open, and the inquiry breaker's own probes are under way: these say nothing
/// about changes.
#[tokio::test]
async fn a_line_that_others_probe_fails_no_change() {
    let rig = Rig::with(Capabilities::ALL, limits(), thresholds()).await;
    let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
    let change = async |id: &str| rig.kos.change(id, &line(LINE), &from, &to, &|| true).await;
    rig.faults(&["kos=error_before:503"]);
    for (breaker, id) in [("kos.change", "req-0001"), ("kos.line", "req-0002")] {
        while state(&rig, breaker) != BreakerState::Open {
            if breaker == "kos.change" {
                assert!(change(id).await.is_err());
            } else {
                assert!(rig.kos.line(id, &line(LINE)).await.is_err());
            }
        }
    }
    rig.faults(&["kos.product=hang"]);
    rig.clock.advance(LONGER_THAN_OPEN);
    let journal = rig.simulator.journal();
    let before = journal.calls(Operation::Product);
    let probes = (0..thresholds().probes).map(|_| {
        let kos = rig.kos.clone();
        tokio::spawn(async move { kos.line("req-0003", &line(LINE)).await })
    });
    let probes: Vec<_> = probes.collect();
    until("all probes are out", || async {
        journal.calls(Operation::Product) == before + probes.len() as u64
    })
    .await;
    let refused = change("req-0004").await;
    assert!(matches!(refused, Err(KosChangeError::NotSent(_))));
    let health = rig.kos.health();
    let mut operations = health.operations.iter();
    let changes = operations.find(|one| one.name == "kos.change").unwrap();
    assert_eq!((changes.state, changes.failed), (BreakerState::HalfOpen, 0));
    probes.iter().for_each(tokio::task::JoinHandle::abort);
}
