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
        (self.clock.monotonic() < brief.until).then_some(brief.value)
    }

    /// Believes the value until then, on the monotonic clock.
    pub fn keep(&self, key: K, value: V, until: Duration) {
        self.entries.insert(key, Brief { value, until });
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
        brief.keep("a".to_owned(), 1, clock.monotonic() + SECOND);
        brief.keep("b".to_owned(), 2, clock.monotonic() + SECOND);
        brief.forget("b");
        assert_eq!((brief.find("a"), brief.find("b")), (Some(1), None));
        clock.advance(SECOND);
        assert_eq!(brief.find("a"), None);
    }
}
