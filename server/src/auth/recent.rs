//! Sessions looked up a moment ago: the requests of one page ask the shared cache once.

use crate::{cache::BriefCache, clock::Clock};
use app::model::Principal;
use std::{sync::Arc, time::Duration};

/// A session that ended elsewhere is believed for no longer than this: less than the second within
/// which a logout must be noticed on every replica, by what it takes to answer.
const BELIEVED: Duration = Duration::from_millis(900);
/// Beyond it the least useful leave; they are looked up again.
const MOST: u64 = 10_000;

/// The sessions this replica has just seen alive.
#[derive(Clone)]
pub(super) struct RecentSessions {
    known: BriefCache<String, Arc<Principal>>,
    clock: Clock,
}

impl RecentSessions {
    pub fn new(clock: Clock) -> Self {
        Self {
            known: BriefCache::new(MOST, BELIEVED, clock.clone()),
            clock,
        }
    }

    /// Who owns that session, if it was alive a moment ago.
    pub fn find(&self, session_id: &str, account_id: &str) -> Option<Arc<Principal>> {
        let principal = self.known.find(session_id)?;
        (principal.account_id == account_id).then_some(principal)
    }

    /// Believes it for that long, and never for longer than a moment.
    pub fn keep(&self, principal: &Arc<Principal>, at_most: Duration) {
        let until = self.clock.monotonic() + at_most.min(BELIEVED);
        self.known
            .keep(principal.session_id.clone(), principal.clone(), until);
    }

    /// It has ended.
    pub fn forget(&self, session_id: &str) {
        self.known.forget(session_id);
    }
}
