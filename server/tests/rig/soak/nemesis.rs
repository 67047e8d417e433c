//! What breaks, and when: decided by the seed before anything begins.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;

/// A replica is killed this often.
const KILLS_EVERY: u64 = 30;
const REDIS_EVERY: u64 = 120;
const REDIS_IS_AWAY: u64 = 5;
const KOS_EVERY: u64 = 60;
/// A tenth of the time.
const KOS_FAILS_FOR: u64 = 6;
/// Each of them in turn.
const KOS_FAILS: [&str; 5] = [
    "kos=hang",
    "kos=error_before:503",
    "kos=reset",
    "kos=garbage",
    "kos=slow_drip:50",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// SIGKILL, and a start at once.
    KillReplica(usize),
    KillRedis,
    StartRedis,
    KosFails(&'static str),
    KosWorks,
    CrashPostgres,
}

/// The events of a soak, in order of time.
pub fn schedule(lasts: Duration, replicas: usize, seed: u64) -> Vec<(Duration, Event)> {
    let mut chance = StdRng::seed_from_u64(seed);
    let lasts = lasts.as_secs();
    let mut events = Vec::new();
    let mut add = |second: u64, event| events.push((Duration::from_secs(second), event));
    for begins in (0..lasts).step_by(KILLS_EVERY as usize) {
        let replica = chance.random_range(0..replicas);
        let at = begins + chance.random_range(10..25);
        add(at, Event::KillReplica(replica));
    }
    for begins in (0..lasts).step_by(REDIS_EVERY as usize) {
        let at = begins + chance.random_range(20..REDIS_EVERY - 20);
        add(at, Event::KillRedis);
        add(at + REDIS_IS_AWAY, Event::StartRedis);
    }
    for (begins, way) in (0..lasts)
        .step_by(KOS_EVERY as usize)
        .zip(KOS_FAILS.into_iter().cycle())
    {
        let at = begins + chance.random_range(5..KOS_EVERY - 10);
        add(at, Event::KosFails(way));
        add(at + KOS_FAILS_FOR, Event::KosWorks);
    }
    for third in [1, 2] {
        add(lasts * third / 3, Event::CrashPostgres);
    }
    events.retain(|(at, _)| at.as_secs() < lasts);
    events.sort_by_key(|(at, _)| *at);
    events
}
