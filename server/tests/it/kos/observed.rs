//! What operators see: a breaker's gauge and log line per transition, and KOS's complaints about this
//! service.

use super::{Rig, line};
use crate::support::{log::Log, scrape};
use prometheus_client::registry::Registry;
use server::kos::KosCollector;
use std::time::Duration;

const LONGER_THAN_OPEN: Duration = Duration::from_secs(12);

/// The value of a breaker's metric.
fn value(registry: &Registry, metric: &str, breaker: &str) -> String {
    let series = format!("{metric}{{breaker=\"{breaker}\"}}");
    scrape::value(&scrape::text(registry), &series).to_owned()
}

#[tokio::test]
async fn a_breaker_that_turns_is_a_gauge_and_a_line_in_the_log() {
    let log = Log::listen();
    let rig = Rig::start().await;
    let mut registry = Registry::default();
    KosCollector::register(&rig.kos, &mut registry);
    let ask = async || rig.kos.line("req-0001", &line("01012345678")).await.is_ok();
    let state = || value(&registry, "breaker_state", "kos.line");
    let refused = || value(&registry, "breaker_refused_total", "kos.line");
    let turned = || log.with("breaker turned");
    assert!(ask().await);
    assert_eq!((state().as_str(), turned().len()), ("0", 0));

    rig.faults(&["kos.product=refuse:8888"]);
    while state() == "0" {
        assert!(!ask().await);
    }
    assert_eq!((state().as_str(), turned().len()), ("2", 1));
    for part in ["WARN", "kos.line", "from=Closed", "to=Open"] {
        assert!(
            turned()[0].contains(part),
            "{part} is not in {turned:?}",
            turned = turned()
        );
    }
    assert_eq!(value(&registry, "breaker_state", "kos.bill"), "0");

    assert_eq!(refused(), "0");
    for turned_away in ["1", "2"] {
        assert!(!ask().await);
        assert_eq!(refused(), turned_away);
    }

    rig.faults(&[]);
    rig.clock.advance(LONGER_THAN_OPEN);
    for (state_is, lines) in [("1", 2), ("1", 2), ("0", 3)] {
        assert!(ask().await);
        assert_eq!((state().as_str(), turned().len()), (state_is, lines));
    }
}

/// I6: reported at once, whatever the breaker does.
#[tokio::test]
async fn what_nobody_but_an_operator_mends_is_an_error_in_the_log() {
    let log = Log::listen();
    let rig = Rig::start().await;
    let alarms = |text| {
        log.with(text)
            .iter()
            .filter(|it| it.contains("ERROR"))
            .count()
    };
    for (fault, locked_out, malformed) in [
        ("error_before:404", 0, 0),
        ("error_before:401", 1, 0),
        ("error_before:403", 2, 0),
        ("refuse:9003", 2, 1),
        ("refuse:1001", 2, 1),
    ] {
        rig.faults(&[&format!("kos.product={fault}")]);
        let asked = rig.kos.line("req-0001", &line("01012345678")).await;
        asked.unwrap_err();
        let told = (
            alarms("does not let this service in"),
            alarms("calls a request of this service malformed"),
        );
        assert_eq!(told, (locked_out, malformed), "{fault}");
    }
}
