//! The near cache: decoded values, kept in this process for a moment in front of the cache that may
//! be shared.
//!
//! It saves the round trip to Redis and the decoding. A value that another replica removes from the
//! shared cache is served here for [`Policy::near_for`](super::Policy) at most, so only values that
//! may be that old, or whose key changes with them (`docs/adr/0012`), are kept near.

use super::{brief::BriefCache, envelope::Opened};
use crate::clock::Clock;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Beyond it the least useful are evicted; the cache behind still has them.
const MOST: usize = 4_096;

/// Values of one kind.
pub(super) struct NearCache<T> {
    entries: BriefCache<String, Near<T>>,
    /// How many times something was forgotten.
    forgotten: AtomicU64,
    keep_for: Duration,
}

struct Near<T> {
    owner: Arc<str>,
    opened: Opened<Arc<T>>,
}

impl<T> Clone for Near<T> {
    fn clone(&self) -> Self {
        Self {
            owner: self.owner.clone(),
            opened: self.opened.clone(),
        }
    }
}

/// Taken before the cache behind is asked: its answer is kept unless something was forgotten since.
pub(super) struct Look(u64);

impl<T: Send + Sync + 'static> NearCache<T> {
    /// Keeps each value for `keep_for`; nothing at all for zero.
    pub(super) fn new(keep_for: Duration, clock: Clock) -> Self {
        Self {
            entries: BriefCache::new(MOST, clock),
            forgotten: AtomicU64::new(0),
            keep_for,
        }
    }

    pub(super) fn find(&self, key: &str, owner: &str) -> Option<Opened<Arc<T>>> {
        let near = self.entries.find(key)?;
        (*near.owner == *owner).then_some(near.opened)
    }

    pub(super) fn look(&self) -> Look {
        Look(self.forgotten.load(Ordering::SeqCst))
    }

    pub(super) fn keep(&self, look: &Look, key: &str, owner: &str, opened: &Opened<Arc<T>>) {
        if self.keep_for.is_zero() || self.look().0 != look.0 {
            return;
        }
        let near = Near {
            owner: owner.into(),
            opened: opened.clone(),
        };
        self.entries.keep_for(key.to_owned(), near, self.keep_for);
        // Forgotten while it was being kept: `forget` may have removed before this insert.
        if self.look().0 != look.0 {
            self.entries.forget(key);
        }
    }

    /// Call it after the cache behind has forgotten.
    pub(super) fn forget(&self, key: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.entries.forget(key);
    }
}

#[cfg(test)]
mod tests {
    use super::{NearCache, Opened};
    use crate::clock::Clock;
    use std::{sync::Arc, time::Duration};

    const MINUTE: Duration = Duration::from_secs(60);

    fn value(text: &str) -> Opened<Arc<String>> {
        Opened {
            value: Arc::new(text.to_owned()),
            as_of_ms: 1,
            fresh_until_ms: 2,
        }
    }

    #[test]
    fn a_value_is_its_owners_and_lasts_as_long_as_said() {
        let clock = Clock::manual(0);
        let near = NearCache::new(MINUTE, clock.clone());
        near.keep(&near.look(), "key", "me", &value("one"));
        assert_eq!(near.find("key", "me"), Some(value("one")));
        assert_eq!(near.find("key", "you"), None);
        assert_eq!(near.find("other", "me"), None);
        clock.advance(MINUTE);
        assert_eq!(near.find("key", "me"), None);
    }

    #[test]
    fn what_was_forgotten_during_the_look_is_not_kept() {
        let near = NearCache::new(MINUTE, Clock::manual(0));
        let look = near.look();
        near.forget("key");
        near.keep(&look, "key", "me", &value("old"));
        assert_eq!(near.find("key", "me"), None);
        near.keep(&near.look(), "key", "me", &value("new"));
        assert_eq!(near.find("key", "me"), Some(value("new")));
        near.forget("key");
        assert_eq!(near.find("key", "me"), None);
    }

    #[test]
    fn nothing_is_kept_for_no_time() {
        let near = NearCache::new(Duration::ZERO, Clock::manual(0));
        near.keep(&near.look(), "key", "me", &value("one"));
        assert_eq!(near.find("key", "me"), None);
    }
}
