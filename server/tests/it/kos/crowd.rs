//! A thousand customers at once while KOS hangs.

use super::{Rig, line, plan};
use app::model::BillingMonth;
use futures::{future::join, future::join_all};
use server::{
    config::{KosConfig, Layers},
    kos::{KosError, NotSent},
};
use simulator::{Capabilities, Operation};
use std::time::Duration;

#[tokio::test]
async fn a_thousand_at_once_are_few_for_kos_and_none_for_a_change() {
    let shipped = Layers::default().finish().unwrap();
    let places = shipped.kos.inquiry_places;
    let limits = KosConfig {
        inquiry_timeout: Duration::from_secs(1),
        ..shipped.kos
    };
    let rig = Rig::with(Capabilities::ALL, limits, shipped.breaker).await;
    rig.faults(&["kos.bill=hang"]);
    let month: BillingMonth = "2026-11".parse().unwrap();
    let bill = async |number: u32| {
        let line = line(&format!("010{number:08}"));
        rig.kos.bill("req-0001", &line, month).await
    };
    let number = line("01012345678");
    let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
    let change = rig.kos.change("req-0002", &number, &from, &to, &|| true);
    let (answers, changed) = join(join_all((0..1_000).map(bill)), change).await;
    changed.unwrap();
    let heard = rig.simulator.journal().calls(Operation::Bill);
    assert!((1..=places as u64).contains(&heard), "KOS heard {heard}");
    let count = |wanted: fn(&KosError) -> bool| {
        let errors = answers.iter().filter_map(|answer| answer.as_ref().err());
        errors.filter(|error| wanted(error)).count()
    };
    let unheard = count(|error| matches!(error, KosError::Unavailable { .. }));
    let timeouts = count(|error| matches!(error, KosError::Timeout));
    assert_eq!(timeouts as u64, heard);
    assert_eq!(unheard + timeouts, 1_000);
    // It is asked again once the breaker lets a probe through.
    rig.faults(&[]);
    let too_early = bill(12_345_678).await;
    let open = matches!(
        too_early,
        Err(KosError::Unavailable {
            why: NotSent::BreakerOpen,
            ..
        })
    );
    assert!(open, "{too_early:?}");
    rig.clock.advance(Duration::from_secs(15));
    bill(12_345_678).await.unwrap();
}
