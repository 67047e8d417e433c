//! The machine against a naive twin that keeps everything and counts it anew each time.

use super::{
    LEASE_SLACK,
    machine::{BreakerState, Machine, Moment, Pass},
    window::Outcome,
};
use crate::config::BreakerConfig;
use proptest::{collection::vec, prelude::*};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(500);
pub(super) const OPEN_FOR: Duration = Duration::from_secs(2);
/// Makes the jitter factor exactly 1.
const NO_JITTER: f64 = 0.5;

#[derive(Clone, Debug)]
pub(super) enum Event {
    Advance(u16),
    Admit,
    /// The n-th pass still out, counted modulo how many there are.
    Report(usize, bool, bool),
    /// The same, and its call was never made.
    GiveBack(usize),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    Closed,
    Open { since: Duration },
    HalfOpen,
}

struct Probe {
    pass: usize,
    sent: Duration,
    result: Option<Outcome>,
}

/// As the text in `breaker/mod.rs` reads.
struct Twin {
    config: BreakerConfig,
    mode: Mode,
    /// First pass of the current generation.
    first_pass: usize,
    passes: usize,
    finished: Vec<Outcome>,
    probes: Vec<Probe>,
}

impl Twin {
    fn new(config: BreakerConfig) -> Self {
        Self {
            config,
            mode: Mode::Closed,
            first_pass: 0,
            passes: 0,
            finished: vec![],
            probes: vec![],
        }
    }

    fn enter(&mut self, mode: Mode) {
        self.mode = mode;
        self.first_pass = self.passes;
        self.finished.clear();
        self.probes.clear();
    }

    fn tick(&mut self, now: Duration) {
        if let Mode::Open { since } = self.mode
            && now >= since + OPEN_FOR
        {
            self.enter(Mode::HalfOpen);
        }
        for probe in &mut self.probes {
            if probe.result.is_none() && now >= probe.sent + DEADLINE + LEASE_SLACK {
                probe.result = Some(Outcome {
                    failed: true,
                    slow: true,
                });
            }
        }
        self.decide(now);
    }

    fn bad(&self, seen: &[Outcome]) -> bool {
        let percent = |wanted: fn(&Outcome) -> bool| {
            100.0 * seen.iter().filter(|o| wanted(o)).count() as f64 / seen.len() as f64
        };
        percent(|o| o.failed) >= f64::from(self.config.failure_rate)
            || percent(|o| o.slow) >= f64::from(self.config.slow_rate)
    }

    fn decide(&mut self, now: Duration) {
        let results: Vec<Outcome> = self.probes.iter().filter_map(|p| p.result).collect();
        if self.mode == Mode::HalfOpen && results.len() == self.config.probes {
            let mode = if self.bad(&results) {
                Mode::Open { since: now }
            } else {
                Mode::Closed
            };
            self.enter(mode);
        } else if self.mode == Mode::Closed {
            let from = self.finished.len().saturating_sub(self.config.window);
            let seen = &self.finished[from..];
            if seen.len() >= self.config.minimum_calls && self.bad(seen) {
                self.enter(Mode::Open { since: now });
            }
        }
    }

    fn admit(&mut self, now: Duration) -> Option<usize> {
        self.tick(now);
        let full = self.probes.len() == self.config.probes;
        if matches!(self.mode, Mode::Open { .. }) || (self.mode == Mode::HalfOpen && full) {
            return None;
        }
        let pass = self.passes;
        self.passes += 1;
        if self.mode == Mode::HalfOpen {
            self.probes.push(Probe {
                pass,
                sent: now,
                result: None,
            });
        }
        Some(pass)
    }

    fn give_back(&mut self, pass: usize, now: Duration) {
        self.tick(now);
        self.probes
            .retain(|probe| probe.pass != pass || probe.result.is_some());
    }

    fn report(&mut self, pass: usize, outcome: Outcome, now: Duration) {
        self.tick(now);
        if pass >= self.first_pass {
            match self.mode {
                Mode::Closed => self.finished.push(outcome),
                Mode::HalfOpen => {
                    for probe in &mut self.probes {
                        if probe.pass == pass && probe.result.is_none() {
                            probe.result = Some(outcome);
                        }
                    }
                }
                Mode::Open { .. } => {}
            }
        }
        self.decide(now);
    }
}

fn configs() -> impl Strategy<Value = BreakerConfig> {
    (1usize..8, 1u8..=100, 1u8..=100, 1usize..4).prop_flat_map(|(window, fail, slow, probes)| {
        (1..=window).prop_map(move |minimum_calls| BreakerConfig {
            window,
            minimum_calls,
            failure_rate: fail,
            slow_call: Duration::from_millis(400),
            slow_rate: slow,
            open_for: OPEN_FOR,
            probes,
        })
    })
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        1 => (0u16..1_200).prop_map(Event::Advance),
        3 => Just(Event::Admit),
        3 => (0usize..8, any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(nth, failed, slow)| Event::Report(nth, failed, slow)),
        1 => (0usize..8).prop_map(Event::GiveBack),
    ];
    vec(event, 0..120)
}

/// Plays events on both and compares after each.
pub(super) fn play(config: BreakerConfig, events: Vec<Event>) -> (Machine, Duration) {
    let mut machine = Machine::new(config.clone(), DEADLINE);
    let mut twin = Twin::new(config);
    let mut now = Duration::ZERO;
    let mut out: Vec<(Pass, usize)> = vec![];
    for event in events {
        let at = Moment {
            now,
            chance: NO_JITTER,
        };
        match event {
            Event::Advance(ms) => now += Duration::from_millis(ms.into()),
            Event::Admit => match (machine.admit(at), twin.admit(now)) {
                (Ok(pass), Some(twin_pass)) => out.push((pass, twin_pass)),
                (Err(wait), None) => assert!(wait <= OPEN_FOR, "told to wait {wait:?}"),
                (machine, twin) => panic!("machine {machine:?}, twin {twin:?}"),
            },
            Event::Report(_, _, _) | Event::GiveBack(_) if out.is_empty() => {}
            Event::GiveBack(nth) => {
                let (pass, twin_pass) = out.swap_remove(nth % out.len());
                machine.give_back(pass, at);
                twin.give_back(twin_pass, now);
            }
            Event::Report(nth, failed, slow) => {
                let (pass, twin_pass) = out.swap_remove(nth % out.len());
                let outcome = Outcome { failed, slow };
                machine.record(pass, outcome, at);
                twin.report(twin_pass, outcome, now);
            }
        }
        let state = match twin.mode {
            Mode::Closed => BreakerState::Closed,
            Mode::Open { .. } => BreakerState::Open,
            Mode::HalfOpen => BreakerState::HalfOpen,
        };
        assert_eq!(machine.state(), state);
    }
    (machine, now)
}

/// Where it stands after those events and then healthy calls only, after the longest wait and the
/// longest lease.
pub(super) fn with_healthy_calls(config: BreakerConfig, events: Vec<Event>) -> BreakerState {
    let (probes, calls) = (config.probes, config.window);
    let (mut machine, mut now) = play(config, events);
    now += OPEN_FOR + DEADLINE + LEASE_SLACK;
    let healthy = Outcome {
        failed: false,
        slow: false,
    };
    for step in 0..=2 {
        for _ in 0..=(probes + calls) {
            let at = Moment {
                now,
                chance: NO_JITTER,
            };
            if let Ok(pass) = machine.admit(at) {
                machine.record(pass, healthy, at);
            }
        }
        if step < 2 {
            now += OPEN_FOR;
        }
    }
    machine.state()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn does_what_the_twin_does(config in configs(), events in events()) {
        play(config, events);
    }

    #[test]
    fn is_never_stuck(config in configs(), events in events()) {
        prop_assert_eq!(with_healthy_calls(config, events), BreakerState::Closed);
    }
}
