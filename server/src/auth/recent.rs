//! Sessions looked up a moment ago: the requests of one page ask the shared cache once.

use crate::clock::Clock;
use app::model::Principal;
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// A session that ended elsewhere is believed for no longer than this: less than the second within
/// which a logout must be noticed on every replica, by what it takes to answer.
const BELIEVED: Duration = Duration::from_millis(900);
/// Beyond it the least useful leave; they are looked up again.
const MOST: u64 = 10_000;

/// The sessions this replica has just seen alive.
#[derive(Clone)]
pub(super) struct RecentSessions {
    known: Cache<String, Known>,
    clock: Clock,
}

#[derive(Clone)]
struct Known {
    principal: Arc<Principal>,
    /// On the monotonic clock.
    until: Duration,
}

impl RecentSessions {
    pub fn new(clock: Clock) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(BELIEVED)
            .build();
        Self { known, clock }
    }

    /// Who owns that session, if it was alive a moment ago.
    pub fn find(&self, session_id: &str, account_id: &str) -> Option<Arc<Principal>> {
        let known = self.known.get(session_id)?;
        let own = known.principal.account_id == account_id;
        (own && self.clock.monotonic() < known.until).then_some(known.principal)
    }

    /// Believes it for that long, and never for longer than a moment.
    pub fn keep(&self, principal: &Arc<Principal>, at_most: Duration) {
        let known = Known {
            principal: principal.clone(),
            until: self.clock.monotonic() + at_most.min(BELIEVED),
        };
        self.known.insert(principal.session_id.clone(), known);
    }

    /// It has ended.
    pub fn forget(&self, session_id: &str) {
        self.known.invalidate(session_id);
    }
}
