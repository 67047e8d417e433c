//! The quota of calls per minute: spent by calls that are sent, by nothing else.

use super::{Rig, limits, line, thresholds, unbreakable};
use crate::support::wait::until;
use server::{
    config::{BreakerConfig, KosConfig},
    kos::{KosError, KosLine, NotSent},
    resilience::{BreakerState, Snapshot},
};
use simulator::{Capabilities, Operation};
use std::time::Duration;
use tokio::task::JoinHandle;

const LINE: &str = "01012345678";
const LONGER_THAN_OPEN: Duration = Duration::from_secs(12);
/// The bucket starts with a tenth of these, and gains one per [`ONE_MORE`].
const PER_MINUTE: u32 = 66;
const ONE_MORE: Duration = Duration::from_secs(1);

fn quota() -> KosConfig {
    KosConfig {
        calls_per_minute: PER_MINUTE,
        ..limits()
    }
}

async fn ask(rig: &Rig) -> Result<KosLine, KosError> {
    rig.kos.line("req-0001", &line(LINE)).await
}

fn why(asked: Result<KosLine, KosError>) -> NotSent {
    match asked {
        Err(KosError::Unavailable { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

fn breaker(rig: &Rig) -> Snapshot {
    let mut operations = rig.kos.health().operations.into_iter();
    operations.find(|it| it.name == "kos.line").unwrap()
}

/// A call that has reached KOS and hangs there.
async fn hung(rig: &Rig) -> JoinHandle<()> {
    rig.faults(&["kos.product=hang"]);
    let (kos, before) = (rig.kos.clone(), heard(rig));
    let call = tokio::spawn(async move {
        let _ = kos.line("req-hung", &line(LINE)).await;
    });
    until("the call arrives", async || heard(rig) > before).await;
    rig.faults(&[]);
    call
}

fn heard(rig: &Rig) -> u64 {
    rig.simulator.journal().calls(Operation::Product)
}

/// Asks until the quota is spent; returns the number of calls.
async fn left(rig: &Rig) -> u64 {
    let before = heard(rig);
    while ask(rig).await.is_ok() {}
    assert!(matches!(why(ask(rig).await), NotSent::QuotaSpent));
    heard(rig) - before
}

#[tokio::test]
async fn a_call_that_finds_no_place_spends_no_quota() {
    let one_place = KosConfig {
        inquiry_places: 1,
        place_timeout: Duration::from_millis(1),
        ..quota()
    };
    let rig = Rig::with(Capabilities::ALL, one_place, unbreakable()).await;
    let holder = hung(&rig).await;
    for _ in 0..20 {
        assert!(matches!(why(ask(&rig).await), NotSent::NoPlace));
    }
    holder.abort();
    let _ = holder.await;
    assert_eq!(left(&rig).await, 5);
}

#[tokio::test]
async fn a_call_that_the_breaker_turns_away_spends_no_quota() {
    let one_probe = BreakerConfig {
        probes: 1,
        minimum_calls: 1,
        ..thresholds()
    };
    let rig = Rig::with(Capabilities::ALL, quota(), one_probe).await;
    rig.faults(&["kos.product=refuse:8888"]);
    ask(&rig).await.unwrap_err();
    assert_eq!(breaker(&rig).state, BreakerState::Open);
    rig.clock.advance(LONGER_THAN_OPEN);
    let probe = hung(&rig).await;
    for _ in 0..20 {
        assert!(matches!(why(ask(&rig).await), NotSent::BreakerOpen));
    }
    // A dropped probe has failed; the one after the next wait closes the breaker.
    probe.abort();
    let _ = probe.await;
    assert_eq!(breaker(&rig).state, BreakerState::Open);
    let spent = heard(&rig);
    rig.clock.advance(LONGER_THAN_OPEN);
    // The waits have filled the bucket.
    assert_eq!(left(&rig).await, 6, "after {spent}");
}

/// A refused call is neither a success nor a failure, and frees the probe's place.
#[tokio::test]
async fn a_call_without_a_quota_tells_the_breaker_nothing() {
    let one_probe = BreakerConfig {
        probes: 1,
        ..thresholds()
    };
    let rig = Rig::with(Capabilities::ALL, quota(), one_probe).await;
    assert_eq!(left(&rig).await, 6);
    assert_eq!((breaker(&rig).calls, breaker(&rig).failed), (6, 0));

    rig.faults(&["kos.product=refuse:8888"]);
    while breaker(&rig).state != BreakerState::Open {
        rig.clock.advance(ONE_MORE);
        ask(&rig).await.unwrap_err();
    }
    rig.faults(&[]);
    let months = rig.kos.catalogue("req-0002").await;
    assert!(months.is_err(), "the quota is every operation's");
    // Other calls that spend the quota leave none for the probe.
    rig.clock.advance(LONGER_THAN_OPEN);
    while rig.kos.catalogue("req-0003").await.is_ok() {}
    for _ in 0..3 {
        assert!(matches!(why(ask(&rig).await), NotSent::QuotaSpent));
        assert_eq!(breaker(&rig).state, BreakerState::HalfOpen);
    }
    rig.clock.advance(ONE_MORE);
    ask(&rig).await.unwrap();
    let after = breaker(&rig);
    let odd = (after.stale_results, after.expired_leases);
    assert_eq!((after.state, odd), (BreakerState::Closed, (0, 0)));
}

/// The inquiry that a half-open change breaker makes first is refused: the breaker learns nothing.
#[tokio::test]
async fn a_changes_probe_that_is_not_sent_is_given_back() {
    let rig = Rig::with(Capabilities::ALL, quota(), thresholds()).await;
    let change = async || {
        let (from, to) = (super::plan("5G-STANDARD-001"), super::plan("LTE-BASIC-001"));
        let number = line(LINE);
        rig.kos
            .change("req-0001", &number, &from, &to, &|| true)
            .await
    };
    let state = || {
        let operations = rig.kos.health().operations;
        operations
            .iter()
            .find(|it| it.name == "kos.change")
            .unwrap()
            .state
    };
    rig.faults(&["kos.change=refuse:8888"]);
    while state() != BreakerState::Open {
        change().await.unwrap_err();
    }
    rig.faults(&[]);
    rig.clock.advance(LONGER_THAN_OPEN);
    left(&rig).await;
    for _ in 0..5 {
        change().await.unwrap_err();
        assert_eq!(state(), BreakerState::HalfOpen);
    }
    rig.clock.advance(6 * ONE_MORE);
    change().await.unwrap();
    assert_eq!(state(), BreakerState::Closed);
}
