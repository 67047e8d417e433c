//! A replica's life: each step takes time, and may be the last.

use super::world::World;
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// One process, from its start to its death.
pub struct Life {
    pub world: Arc<World>,
    pub name: String,
    dead: AtomicBool,
    died: Notify,
    /// Stopped until then (microseconds), as after SIGSTOP.
    stopped_until: AtomicU64,
}

impl Life {
    pub fn new(world: Arc<World>, name: String) -> Self {
        Self {
            world,
            name,
            dead: AtomicBool::new(false),
            died: Notify::new(),
            stopped_until: AtomicU64::new(0),
        }
    }

    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    pub async fn death(&self) {
        self.died.notified().await;
    }

    /// One step of a task. If the replica dies, here or in another task, this never returns: whatever
    /// was not committed is lost.
    pub async fn step(&self, place: &str) {
        self.world.sleep(self.world.moment()).await;
        self.stand_still().await;
        if self.world.happens(self.world.hostility.crash) {
            self.world.note(&self.name, &format!("dies at {place}"));
            self.dead.store(true, Ordering::Relaxed);
            self.died.notify_one();
        }
        if self.is_dead() {
            pending::<()>().await;
        }
        if self.world.happens(self.world.hostility.stop) {
            self.stop_for_seconds(place).await;
        }
        self.world.note(&self.name, place);
    }

    /// Stops for longer than any lease.
    pub async fn stop_for_seconds(&self, place: &str) {
        let seconds = self.world.pick(1..12);
        self.world
            .note(&self.name, &format!("stops for {seconds} s at {place}"));
        let until = self.world.time.now_us() + seconds * 1_000_000;
        self.stopped_until.fetch_max(until, Ordering::Relaxed);
        self.stand_still().await;
    }

    async fn stand_still(&self) {
        loop {
            let until = self.stopped_until.load(Ordering::Relaxed);
            let left = until.saturating_sub(self.world.time.now_us());
            if self.is_dead() {
                pending::<()>().await;
            }
            if left == 0 {
                return;
            }
            self.world.sleep(Duration::from_micros(left)).await;
        }
    }
}
