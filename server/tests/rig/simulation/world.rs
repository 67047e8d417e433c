//! What one schedule is made of: time, chance, trace.

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

/// How hostile a schedule is, in thousandths of the steps.
#[derive(Clone, Copy, Debug)]
pub struct Hostility {
    /// A step at which its replica dies.
    pub crash: u32,
    /// A step at which its replica stands still for seconds.
    pub stop: u32,
    /// A step of the ledger that fails, before or after it was made.
    pub ledger: u32,
    /// A call to KOS or the AP server that goes wrong.
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
    /// Lines kept.
    kept: usize,
}

impl World {
    /// `kept`: so many last lines of its trace.
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

    /// Nothing goes wrong from here on.
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

    /// Whether it happens, at that many in a thousand; never once it is calm.
    pub fn happens(&self, thousandths: u32) -> bool {
        // Drawn in any case, so that calm changes nothing else.
        let drawn = self.pick(0..1_000);
        drawn < thousandths && !self.calm.load(Ordering::Relaxed)
    }

    /// How long a step takes: mostly a moment, now and then a while.
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

    /// Adds to the trace, by which two runs of a seed are compared.
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
