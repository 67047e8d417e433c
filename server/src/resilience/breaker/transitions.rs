//! The transitions of resilience4j's breaker, case by case, and where ours differs on purpose.
//!
//! Each case is a script. `s` a success, `f` a failure, `w` a slow success; `S`, `F` and `W` are the
//! same of a call that began before the script did; `.` the longest wait of an open breaker, `,` half
//! of it; `!` a call that must be turned away; `p` a call that is let through and never reports;
//! `u` one that is let through and not made; `_` the time of a lease. After each step stands the state where it changes: `C`, `O` or `H`
//! behind `>`.

use super::{
    LEASE_SLACK,
    machine::{BreakerState, Machine, Moment, Pass},
    window::Outcome,
};
use crate::config::BreakerConfig;
use std::time::Duration;

const OPEN_FOR: Duration = Duration::from_secs(10);
const DEADLINE: Duration = Duration::from_secs(1);

/// A window of 5 that decides from 5 on, at 40 % failures or 60 % slow calls; two probes.
fn config() -> BreakerConfig {
    BreakerConfig {
        window: 5,
        minimum_calls: 5,
        failure_rate: 40,
        slow_call: Duration::from_millis(500),
        slow_rate: 60,
        open_for: OPEN_FOR,
        probes: 2,
    }
}

const CASES: [(&str, &str); 21] = [
    // Closed.
    ("stays closed below the minimum, whatever fails", "ffff>C"),
    ("opens at the minimum", "fffff>O"),
    ("opens at exactly the rate", "sssff>O"),
    ("stays closed just below it", "ssssf>C"),
    ("the window slides: an old failure leaves it", "fssssf>C"),
    ("and a younger one stays in it", "ssssfsf>O"),
    (
        "many successes do not outvote a burst",
        "ssssssssssssssssssssff>O",
    ),
    ("slow successes open it too", "sswww>O"),
    ("fewer slow ones do not", "sssww>C"),
    // Open.
    ("turns calls away while it waits", "fffff>O!,!>O"),
    ("lets probes through after the wait", "fffff>O.s>H"),
    (
        "does not change by time alone, but by a call",
        "fffff>O..>O",
    ),
    // Half-open.
    ("lets as many through as there are probes", "fffff>O.pp>H!"),
    ("closes when the probes are well", "fffff>O.ss>C"),
    ("opens again when too many of them failed", "fffff>O.sf>O!"),
    (
        "opens again when too many of them were slow",
        "fffff>O.ww>O!",
    ),
    (
        "starts with an empty window when it closes",
        "fffff>O.ss>Cffff>C",
    ),
    (
        "a probe that never reports is a failed one",
        "fffff>O.ps>H_!>O",
    ),
    (
        "a call that is not made is no probe and no result",
        "uuuuu>Cfffff>O.uuu>Hpp>H!",
    ),
    // Where resilience4j, Polly and others count results of before the trip, ours does not (I2).
    (
        "a success of before the trip does not close it",
        "fffff>O.SS>Hpp>H!",
    ),
    (
        "a failure of before the trip does not open it again",
        "fffff>O.sFF>Hs>C",
    ),
];

struct Play {
    machine: Machine,
    now: Duration,
    early: Vec<Pass>,
}

impl Play {
    fn at(&self) -> Moment {
        Moment {
            now: self.now,
            chance: 0.5,
        }
    }

    fn call(&mut self, failed: bool, slow: bool) {
        let pass = self.machine.admit(self.at()).expect("let through");
        self.machine
            .record(pass, Outcome { failed, slow }, self.at());
    }

    fn late(&mut self, failed: bool, slow: bool) {
        let pass = self.early.pop().expect("calls of before");
        self.machine
            .record(pass, Outcome { failed, slow }, self.at());
    }

    fn step(&mut self, step: char) {
        match step {
            's' => self.call(false, false),
            'f' => self.call(true, false),
            'w' => self.call(false, true),
            'S' => self.late(false, false),
            'F' => self.late(true, false),
            'W' => self.late(false, true),
            'p' => drop(self.machine.admit(self.at()).expect("let through")),
            'u' => {
                let pass = self.machine.admit(self.at()).expect("let through");
                self.machine.give_back(pass, self.at());
            }
            '!' => drop(self.machine.admit(self.at()).expect_err("turned away")),
            '.' => self.now += OPEN_FOR,
            ',' => self.now += OPEN_FOR / 2,
            '_' => self.now += DEADLINE + LEASE_SLACK,
            other => panic!("no step is called {other}"),
        }
    }

    fn state(&self) -> char {
        match self.machine.state() {
            BreakerState::Closed => 'C',
            BreakerState::Open => 'O',
            BreakerState::HalfOpen => 'H',
        }
    }
}

fn play(script: &str) -> Result<(), String> {
    let mut machine = Machine::new(config(), DEADLINE);
    let start = Moment {
        now: Duration::ZERO,
        chance: 0.5,
    };
    let early = (0..4).map(|_| machine.admit(start).unwrap()).collect();
    let mut play = Play {
        machine,
        now: Duration::ZERO,
        early,
    };
    let mut steps = script.chars();
    while let Some(step) = steps.next() {
        if step == '>' {
            let (wanted, state) = (steps.next(), play.state());
            if wanted != Some(state) {
                return Err(format!(
                    "{state} instead of {wanted:?} before {:?}",
                    steps.as_str()
                ));
            }
        } else {
            play.step(step);
        }
    }
    Ok(())
}

#[test]
fn every_transition_is_as_written() {
    for (what, script) in CASES {
        assert_eq!(play(script), Ok(()), "{what}: {script}");
    }
    // And the table can fail.
    assert!(play("fffff>C").is_err());
}
