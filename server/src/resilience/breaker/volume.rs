//! The machine beside its twin in volume. proptest would take a minute for it, and shrinks the same
//! failures in `model`.

use super::{
    machine::BreakerState,
    model::{Event, OPEN_FOR, play, with_healthy_calls},
};
use crate::config::BreakerConfig;
use std::time::Duration;

/// Numbers by chance, the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn config(&mut self) -> BreakerConfig {
        let window = 1 + self.below(7) as usize;
        BreakerConfig {
            window,
            minimum_calls: 1 + self.below(window as u64) as usize,
            failure_rate: 1 + self.below(100) as u8,
            slow_call: Duration::from_millis(400),
            slow_rate: 1 + self.below(100) as u8,
            open_for: OPEN_FOR,
            probes: 1 + self.below(3) as usize,
        }
    }

    fn event(&mut self) -> Event {
        match self.below(8) {
            0 => Event::Advance(self.below(1_200) as u16),
            1..=3 => Event::Admit,
            4 => Event::GiveBack(self.below(8) as usize),
            _ => {
                let (nth, outcome) = (self.below(8) as usize, self.below(10));
                Event::Report(nth, outcome < 5, outcome % 5 == 0)
            }
        }
    }
}

#[test]
fn does_what_the_twin_does_for_a_million_steps() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..2_000 {
        let (config, events) = (chance.config(), (0..500).map(|_| chance.event()).collect());
        play(config, events);
    }
}

#[test]
fn is_never_stuck_in_a_hundred_thousand_runs() {
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for _ in 0..100_000 {
        let config = chance.config();
        let events = (0..chance.below(40)).map(|_| chance.event()).collect();
        let state = with_healthy_calls(config.clone(), events);
        assert_eq!(state, BreakerState::Closed, "{config:?}");
    }
}
