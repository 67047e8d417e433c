//! The fault: a failed login is counted after the password was checked. A model of the lock on the same
//! scheduler, in both orders; the real lock has its own tests over both databases.

use crate::simulation::{Time, World, run_in};
use anyhow::Result;
use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// Passwords that may be checked between two successes.
pub const ALLOWED: u64 = 5;
/// Guesses at once.
const AT_ONCE: u32 = 40;

/// When a guess is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Reserved in one committed statement, before.
    Before,
    /// Counted after it failed.
    After,
}

#[derive(Default)]
struct Account {
    failures: AtomicU64,
    looked_at: AtomicU64,
}

/// The most passwords checked under any of the seeds.
///
/// # Errors
/// The rig itself broke.
pub fn most(seeds: Range<u64>, guard: Guard) -> Result<u64> {
    // A thread of its own: this one may be driving other tasks.
    let counted = thread::spawn(move || {
        let looked_at = seeds.map(|seed| play(seed, guard));
        looked_at.collect::<Result<Vec<_>>>()
    });
    let counted = counted
        .join()
        .map_err(|_| anyhow::anyhow!("a schedule panicked"))??;
    Ok(counted.into_iter().max().unwrap_or(0))
}

fn play(seed: u64, guard: Guard) -> Result<u64> {
    let world = Arc::new(World::new(seed, 0));
    let account = Arc::new(Account::default());
    let time: Arc<Time> = world.time.clone();
    run_in(&time, guess_all(world, account.clone(), guard))?;
    Ok(account.looked_at.load(Ordering::SeqCst))
}

async fn guess_all(world: Arc<World>, account: Arc<Account>, guard: Guard) {
    let guesses: Vec<_> = (0..AT_ONCE)
        .map(|_| tokio::spawn(guess(world.clone(), account.clone(), guard)))
        .collect();
    for one in guesses {
        one.await.ok();
    }
}

async fn guess(world: Arc<World>, account: Arc<Account>, guard: Guard) {
    world.sleep(world.moment()).await;
    let before = match guard {
        Guard::Before => account.failures.fetch_add(1, Ordering::SeqCst),
        Guard::After => account.failures.load(Ordering::SeqCst),
    };
    if before >= ALLOWED {
        return;
    }
    // Hashing takes time.
    world.sleep(world.moment()).await;
    account.looked_at.fetch_add(1, Ordering::SeqCst);
    world.sleep(world.moment()).await;
    if guard == Guard::After {
        account.failures.fetch_add(1, Ordering::SeqCst);
    }
}
