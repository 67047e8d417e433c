//! Values looked up a moment ago, trusted in this process for a short time.
//!
//! Every request looks here several times, so it is the lightest map there is: an expired entry is
//! skipped, and evicted when another one needs its place.

use crate::clock::Clock;
use quick_cache::{Equivalent, sync::Cache};
use std::{hash::Hash, sync::Arc, time::Duration};

/// Values that are trusted until a moment of the monotonic clock. Clones share them.
pub struct BriefCache<K, V> {
    entries: Arc<Cache<K, Brief<V>>>,
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
    K: Hash + Eq,
    V: Clone,
{
    /// Keeps `most` values; the least useful are evicted.
    pub fn new(most: usize, clock: Clock) -> Self {
        let entries = Arc::new(Cache::new(most));
        Self { entries, clock }
    }

    /// The value, unless it has expired.
    pub fn find<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let brief = self.entries.get(key)?;
        (self.now() < brief.until).then_some(brief.value)
    }

    /// Keeps the value for that long from now.
    pub fn keep_for(&self, key: K, value: V, long: Duration) {
        self.keep_from(self.now(), key, value, long);
    }

    /// Keeps the value for that long from `from`: from [`BriefCache::now`] before it was read, if
    /// it may be as old as that.
    pub fn keep_from(&self, from: Duration, key: K, value: V, long: Duration) {
        let until = from + long;
        self.entries.insert(key, Brief { value, until });
    }

    /// The monotonic clock.
    pub fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// Forgets the value.
    pub fn forget<Q>(&self, key: &Q)
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.entries.remove(key);
    }
}

impl<K, V> Clone for BriefCache<K, V> {
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            clock: self.clock.clone(),
        }
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
        let brief = BriefCache::<String, u8>::new(10, clock.clone());
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
        let brief = BriefCache::<String, u8>::new(10, clock.clone());
        let before = brief.now();
        clock.advance(SECOND / 2);
        brief.keep_from(before, "a".to_owned(), 1, SECOND);
        assert_eq!(brief.find("a"), Some(1));
        clock.advance(SECOND / 2);
        assert_eq!(brief.find("a"), None);
    }
}
