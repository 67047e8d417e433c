//! What was looked up a moment ago, believed in this process for that moment.

use crate::clock::Clock;
use moka::sync::Cache;
use std::{borrow::Borrow, hash::Hash, time::Duration};

/// Values that are believed until a moment of the monotonic clock. Cloning shares them.
#[derive(Clone)]
pub struct BriefCache<K, V> {
    entries: Cache<K, Brief<V>>,
    clock: Clock,
}

#[derive(Clone)]
struct Brief<V> {
    value: V,
    /// On the monotonic clock.
    until: Duration,
}

impl<K, V> BriefCache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Keeps `most` values, beyond which the least useful leave, and none for longer than `longest`.
    pub fn new(most: u64, longest: Duration, clock: Clock) -> Self {
        let entries = Cache::builder()
            .max_capacity(most)
            .time_to_live(longest)
            .build();
        Self { entries, clock }
    }

    /// The value, as long as it is believed.
    pub fn find<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let brief = self.entries.get(key)?;
        (self.now() < brief.until).then_some(brief.value)
    }

    /// Believes the value from now on for that long.
    pub fn keep_for(&self, key: K, value: V, long: Duration) {
        self.keep_from(self.now(), key, value, long);
    }

    /// Believes the value from then on for that long: from [`BriefCache::now`] before it was read,
    /// where it may be as old as that.
    pub fn keep_from(&self, from: Duration, key: K, value: V, long: Duration) {
        let until = from + long;
        self.entries.insert(key, Brief { value, until });
    }

    /// The monotonic clock.
    pub fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// Believes it no longer.
    pub fn forget<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.invalidate(key);
    }
}

#[cfg(test)]
mod tests {
    use super::BriefCache;
    use crate::clock::Clock;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_value_is_believed_until_then_and_not_once_forgotten() {
        let clock = Clock::manual(0);
        let brief = BriefCache::<String, u8>::new(10, SECOND, clock.clone());
        brief.keep_for("a".to_owned(), 1, SECOND);
        brief.keep_for("b".to_owned(), 2, SECOND);
        brief.forget("b");
        assert_eq!((brief.find("a"), brief.find("b")), (Some(1), None));
        clock.advance(SECOND);
        assert_eq!(brief.find("a"), None);
    }

    #[test]
    fn what_was_read_slowly_is_believed_as_if_read_at_once() {
        let clock = Clock::manual(0);
        let brief = BriefCache::<String, u8>::new(10, SECOND, clock.clone());
        let before = brief.now();
        clock.advance(SECOND / 2);
        brief.keep_from(before, "a".to_owned(), 1, SECOND);
        assert_eq!(brief.find("a"), Some(1));
        clock.advance(SECOND / 2);
        assert_eq!(brief.find("a"), None);
    }
}
