//! Simulated time, which passes only while every task waits, and its executor.

use futures::future::BoxFuture;
use server::clock::SimulatedTime;
use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// 2026-11-21T09:30:00+09:00.
const BEGINNING_MS: i64 = 1_795_221_000_000;

/// The time of one schedule, in microseconds since its start.
#[derive(Debug, Default)]
pub struct Time(Mutex<Timers>);

#[derive(Debug, Default)]
struct Timers {
    now_us: u64,
    /// By due time, then in the order in which they were set.
    waiting: BTreeMap<(u64, u64), oneshot::Sender<()>>,
    set: u64,
}

impl Time {
    pub fn now_us(&self) -> u64 {
        self.lock().now_us
    }

    pub fn now_ms(&self) -> i64 {
        BEGINNING_MS + i64::try_from(self.now_us() / 1_000).unwrap_or(i64::MAX)
    }

    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let (ring, rings) = oneshot::channel();
        let mut timers = self.lock();
        let due = timers.now_us + u64::try_from(duration.as_micros()).unwrap_or(u64::MAX >> 1);
        let number = timers.set;
        timers.set += 1;
        timers.waiting.insert((due, number), ring);
        drop(timers);
        async move {
            if rings.await.is_err() {
                // The schedule is over.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Advances to the next timer. `false`: there is none.
    fn advance(&self) -> bool {
        let mut timers = self.lock();
        let Some(((due, _), ring)) = timers.waiting.pop_first() else {
            return false;
        };
        timers.now_us = timers.now_us.max(due);
        drop(timers);
        // The waiting task may have been dropped.
        ring.send(()).ok();
        true
    }

    fn lock(&self) -> MutexGuard<'_, Timers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time as read by a replica whose clock is wrong by a constant.
#[derive(Debug)]
pub struct Skewed {
    pub time: Arc<Time>,
    pub by_ms: i64,
}

impl SimulatedTime for Skewed {
    fn now_ms(&self) -> i64 {
        self.time.now_ms() + self.by_ms
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.time.sleep(duration))
    }
}

/// Runs `work` to its end on this thread only; one queue, no chance but the schedule's own.
///
/// # Errors
/// Every task waits, and none for a timer.
pub fn run<T: Send + 'static>(
    time: &Time,
    work: impl Future<Output = T> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let work = tokio::spawn(work);
        loop {
            // Returns when the queue is empty.
            tokio::task::yield_now().await;
            if work.is_finished() {
                return Ok(work.await?);
            }
            anyhow::ensure!(time.advance(), "every task waits, and none for a time");
        }
    })
}
