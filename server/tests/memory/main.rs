//! Memory of the in-process cache under a million distinct keys, in a process of its own with the
//! product's allocator.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use mimalloc::MiMalloc;
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
};
use std::{cell::RefCell, time::Duration};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const KEYS: usize = 1_000_000;
/// The maximum of `cache.max_entries`, so that only the bytes are a bound.
const ENTRIES: u64 = 100_000_000;
/// The most that the cache may take (H7).
const LIMIT: usize = 64 * 1024 * 1024;
const PAGE: usize = 4096;
const HOUR: Duration = Duration::from_secs(3_600);
/// The values, one case after the other: tiny, like a line, like a bill, and tiny under the longest key.
const LENGTHS: [(usize, usize); 4] = [(40, 8), (40, 600), (40, 4_000), (512, 8)];

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let resident = pages.split(' ').nth(1).unwrap();
    resident.parse::<usize>().unwrap() * PAGE
}

/// The most that the process grows, in bytes, while `keep` gets each of the keys once.
async fn growth(keys: usize, keep: impl AsyncFn(&str, &[u8])) -> usize {
    let before = resident();
    let mut most = 0;
    for (length_of_key, length_of_value) in LENGTHS {
        let value = vec![7; length_of_value];
        for number in 0..keys / LENGTHS.len() {
            let key = format!("{number:0length_of_key$}:{length_of_value}");
            keep(&key[key.len() - length_of_key..], &value).await;
            if number % 1_000 == 0 {
                most = most.max(resident().saturating_sub(before));
            }
        }
    }
    most
}

/// One test only: a second one would grow the same process.
#[tokio::test]
async fn a_million_keys_take_no_more_than_the_limit_and_keeping_everything_does() {
    let cache = MemoryCache::new(ENTRIES, Clock::system());
    let most = growth(KEYS, async |key, value| cache.put(key, value, HOUR).await).await;
    assert!(most <= LIMIT, "{} MiB", most / 1024 / 1024);
    assert!(most > LIMIT / 2, "it kept next to nothing: {most} bytes");

    let everything = RefCell::new(Vec::new());
    let without_bounds = growth(KEYS / 5, async |key, value| {
        let mut kept = everything.borrow_mut();
        kept.push((key.to_owned(), value.to_vec()));
    });
    assert!(without_bounds.await > LIMIT);
}
