//! The world of one schedule: time, chance, trace.

use super::time::Time;
use rand::{
    RngExt, SeedableRng, distr::uniform::SampleRange, distr::uniform::SampleUniform, rngs::StdRng,
};
use std::{
    collections::VecDeque,
    fmt::Write,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The rates of faults, per thousand steps.
#[derive(Clone, Copy, Debug)]
pub struct Hostility {
    /// Steps at which the replica dies.
    pub crash: u32,
    /// Steps at which the replica stops for seconds.
    pub stop: u32,
    /// Steps of the ledger that fail, before or after they took effect.
    pub ledger: u32,
    /// Calls to KOS or the AP server that fail.
    pub calls: u32,
}

pub struct World {
    pub time: Arc<Time>,
    pub hostility: Hostility,
    chance: Mutex<StdRng>,
    calm: AtomicBool,
    trace: Mutex<Trace>,
}

#[derive(Default)]
struct Trace {
    hash: u64,
    last: VecDeque<String>,
    /// Lines of the trace to keep.
    kept: usize,
}

impl World {
    /// `kept`: the number of last trace lines to keep.
    pub fn new(seed: u64, kept: usize) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let levels = [(0, 0, 0, 60), (8, 2, 5, 250), (25, 6, 20, 500)];
        let (crash, stop, ledger, calls) = levels[chance.random_range(0..levels.len())];
        Self {
            time: Arc::default(),
            hostility: Hostility {
                crash,
                stop,
                ledger,
                calls,
            },
            chance: Mutex::new(chance),
            calm: AtomicBool::new(false),
            trace: Mutex::new(Trace {
                kept,
                ..Trace::default()
            }),
        }
    }

    /// Ends all faults.
    pub fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
        self.note("calm", "");
    }

    pub fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }

    pub fn pick<T: SampleUniform>(&self, range: impl SampleRange<T>) -> T {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        chance.random_range(range)
    }

    /// Draws whether something of the given rate happens; never after [`Self::calm_down`].
    pub fn happens(&self, thousandths: u32) -> bool {
        // Drawn even then, so that calm changes nothing else.
        let drawn = self.pick(0..1_000);
        drawn < thousandths && !self.calm.load(Ordering::Relaxed)
    }

    /// The duration of a step: mostly short, sometimes long.
    pub fn moment(&self) -> Duration {
        let longest = match self.pick(0..40) {
            0 => 400_000,
            1..4 => 30_000,
            _ => 3_000,
        };
        Duration::from_micros(self.pick(50..longest))
    }

    pub async fn sleep(&self, duration: Duration) {
        self.time.sleep(duration).await;
    }

    /// Adds a line to the trace, by which two runs of a seed are compared.
    pub fn note(&self, who: &str, what: &str) {
        let now = self.time.now_us();
        let mut trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        // FNV-1a.
        let bytes = now.to_le_bytes().into_iter();
        for byte in bytes.chain(who.bytes()).chain(what.bytes()) {
            trace.hash = (trace.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        if trace.kept == 0 {
            return;
        }
        if trace.last.len() == trace.kept {
            trace.last.pop_front();
        }
        trace.last.push_back(format!("{now:>10} {who} {what}"));
    }

    /// The hash of the trace, and its end.
    pub fn trace(&self) -> (u64, String) {
        let trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for line in &trace.last {
            writeln!(text, "{line}").ok();
        }
        (trace.hash, text)
    }
}
