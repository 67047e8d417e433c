//! Faults of KOS and the error that each becomes.

use super::{Rig, impatient, limits, line, unbreakable};
use crate::support::scrape;
use prometheus_client::registry::Registry;
use server::{
    clock::Clock,
    config::KosConfig,
    kos::{KosBill, KosCollector, KosError, NotSent},
};
use simulator::{Capabilities, Operation};
use std::time::Duration;

async fn bill(rig: &Rig) -> Result<KosBill, KosError> {
    let month = "2026-11".parse().unwrap();
    rig.kos.bill("req-0001", &line("01012345678"), month).await
}

async fn rig(limits: KosConfig) -> Rig {
    Rig::with(Capabilities::ALL, limits, unbreakable()).await
}

#[tokio::test]
async fn the_deadline_covers_the_wait_for_an_answer_and_the_whole_body() {
    let rig = rig(impatient()).await;
    for fault in [
        "kos.bill=hang",
        "kos.bill=slow_drip:50",
        "kos.bill=delay:60000",
    ] {
        rig.faults(&[fault]);
        let clock = Clock::system();
        let answer = bill(&rig).await;
        assert!(
            matches!(answer, Err(KosError::Timeout)),
            "{fault}: {answer:?}"
        );
        // Far below the duration of the fault, with room for a busy machine.
        assert!(clock.monotonic() < Duration::from_secs(3), "{fault}");
    }
}

#[tokio::test]
async fn broken_answers_are_bad_and_failures_are_failures() {
    let rig = rig(limits()).await;
    for (fault, ended) in [
        ("half_body", "BadAnswer"),
        ("garbage", "BadAnswer"),
        ("reset", "Failed(Connection"),
        ("lost_answer", "Failed(Connection"),
        ("error_before:503", "Failed(Status(503))"),
        ("error_before:429", "Failed(Status(429))"),
        ("refuse:8888", "Failed(ResultCode"),
        ("refuse:9999", "Failed(ResultCode"),
        ("refuse:9003", "Refused(Malformed)"),
    ] {
        rig.faults(&[&format!("kos.bill={fault}")]);
        let error = bill(&rig).await.unwrap_err();
        assert!(
            format!("{error:?}").starts_with(ended),
            "{fault}: {error:?}"
        );
    }
    assert_eq!(
        rig.simulator.journal().calls(Operation::Bill),
        9,
        "nothing was sent twice"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read() {
    let rig = rig(KosConfig {
        body_limit: 300,
        ..limits()
    })
    .await;
    assert!(matches!(bill(&rig).await, Err(KosError::BadAnswer(_))));
}

#[tokio::test]
async fn without_a_listener_nothing_is_sent() {
    let Rig { simulator, kos, .. } = rig(limits()).await;
    simulator.stop().await;
    let answer = kos.line("req-0001", &line("01012345678")).await;
    assert!(matches!(
        answer,
        Err(KosError::Unavailable {
            why: NotSent::NoConnection(_),
            ..
        })
    ));
    // A call refused locally contributes no duration: it says nothing about KOS.
    let mut registry = Registry::default();
    KosCollector::register(&kos, &mut registry);
    let text = scrape::text(&registry);
    for line in [
        "kos_calls_total{operation=\"kos.line\",result=\"no_connection\"} 1",
        "kos_call_duration_seconds_count{operation=\"kos.line\"} 0",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn hung_inquiries_take_no_place_from_changes() {
    let rig = rig(KosConfig {
        inquiry_places: 1,
        ..limits()
    })
    .await;
    rig.faults(&["kos.bill=hang"]);
    let kos = rig.kos.clone();
    let hung = tokio::spawn(async move {
        let month = "2026-11".parse().unwrap();
        kos.bill("req-0001", &line("01012345678"), month).await
    });
    let clock = Clock::system();
    while rig.simulator.journal().calls(Operation::Bill) == 0 {
        assert!(
            clock.monotonic() < Duration::from_secs(10),
            "the call never arrived"
        );
        tokio::task::yield_now().await;
    }
    let crowded = rig.kos.line("req-0002", &line("01012345678")).await;
    assert!(matches!(
        crowded,
        Err(KosError::Unavailable {
            why: NotSent::NoPlace,
            ..
        })
    ));
    let changed = rig
        .kos
        .change(
            "req-0003",
            &line("01012345678"),
            &super::plan("5G-STANDARD-001"),
            &super::plan("LTE-BASIC-001"),
            &|| true,
        )
        .await;
    assert!(changed.is_ok(), "{changed:?}");
    hung.abort();
}
