//! Jitter of times to live.

use super::aside::{Error, Stand};
use std::time::Duration;

/// Values filled together must not expire together, or KOS would be asked for all of them at once.
#[tokio::test]
async fn times_to_live_are_spread_over_a_tenth_to_both_sides() {
    let stand = Stand::new();
    let aside = stand.aside();
    let keys: Vec<String> = (0..500).map(|number| format!("bill:{number}")).collect();
    for key in &keys {
        let load = stand.load(Ok("a bill"));
        aside.get_or_load(key, "a line", load).await.unwrap();
    }
    let fresh = async || {
        let mut fresh = 0;
        for key in &keys {
            let refused = stand.load(Err(Error::Refused));
            fresh += usize::from(aside.get_or_load(key, "a line", refused).await.is_ok());
        }
        fresh
    };
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    stand.clock.advance(minutes(54) - Duration::from_millis(1));
    assert_eq!(fresh().await, 500, "none is shorter by more than a tenth");
    stand.clock.advance(minutes(1));
    assert!((400..500).contains(&fresh().await), "the first have ended");
    stand.clock.advance(minutes(5));
    assert!((200..300).contains(&fresh().await), "about half have");
    stand.clock.advance(minutes(5));
    assert!((1..100).contains(&fresh().await), "the last have not");
    stand.clock.advance(minutes(1) + Duration::from_millis(1));
    assert_eq!(fresh().await, 0, "none is longer by more than a tenth");
}
