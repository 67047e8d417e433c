//! The open wait varies by ±10 %, so that replicas that saw a neighbour fail at the same moment do
//! not all come back at the same moment.

use super::{
    Breaker,
    machine::{Machine, Moment},
    window::Outcome,
};
use crate::{clock::Clock, config::BreakerConfig, ids::Ids};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(1);

/// Opens with the first failure, for ten seconds.
const AT_ONCE: BreakerConfig = BreakerConfig {
    window: 1,
    minimum_calls: 1,
    failure_rate: 1,
    slow_call: Duration::from_millis(500),
    slow_rate: 100,
    open_for: Duration::from_secs(10),
    probes: 1,
};

#[test]
fn chance_decides_between_both_ends() {
    for (chance, wait_ms) in [(0.0, 9_000), (0.25, 9_500), (0.5, 10_000), (1.0, 11_000)] {
        let mut machine = Machine::new(AT_ONCE, DEADLINE);
        let now = Duration::from_secs(7);
        let at = Moment { now, chance };
        let pass = machine.admit(at).unwrap();
        let failed = Outcome {
            failed: true,
            slow: false,
        };
        machine.record(pass, failed, at);
        let wait = machine.peek(now).unwrap();
        assert_eq!(wait, Duration::from_millis(wait_ms), "{chance}");
    }
}

#[test]
fn every_breaker_draws_its_own_chance() {
    let clock = Clock::manual(0);
    let ids = Ids::seeded(1, clock.clone());
    let mut waits = Vec::new();
    for _ in 0..100 {
        let breaker = Breaker::new("test", &AT_ONCE, DEADLINE, clock.clone(), ids.clone());
        breaker.admit().unwrap().failed();
        waits.push(breaker.peek().unwrap_err().retry_after.as_millis());
    }
    let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!((9_000..9_200).contains(least), "{least}");
    assert!((10_800..11_000).contains(most), "{most}");
}
