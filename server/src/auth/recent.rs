//! Sessions that this replica looked up a moment ago, so that the requests of one page ask the database
//! once. No other replica's look is believed: its clock may be another.

use crate::{cache::BriefCache, clock::Clock};
use app::model::Principal;
use std::{sync::Arc, time::Duration};

/// How long a session that ended elsewhere may still be believed: the second within which every replica
/// must notice a logout, less the time to answer.
const BELIEVED: Duration = Duration::from_millis(900);
/// Beyond it the least used are evicted; they are looked up again.
const MOST: usize = 10_000;

/// The sessions that this replica has just found live.
#[derive(Clone)]
pub(super) struct RecentSessions {
    known: BriefCache<String, Arc<Principal>>,
}

impl RecentSessions {
    pub fn new(clock: Clock) -> Self {
        Self {
            known: BriefCache::new(MOST, clock),
        }
    }

    /// The owner of that session, if it was live a moment ago.
    pub fn find(&self, session_id: &str, account_id: &str) -> Option<Arc<Principal>> {
        let principal = self.known.find(session_id)?;
        (principal.account_id == account_id).then_some(principal)
    }

    /// Believes it for that long from `began`, and never for longer than a moment.
    pub fn keep(&self, principal: &Arc<Principal>, began: Duration, at_most: Duration) {
        let (session_id, long) = (principal.session_id.clone(), at_most.min(BELIEVED));
        self.known
            .keep_from(began, session_id, principal.clone(), long);
    }

    /// The monotonic clock: when a look begins.
    pub fn now(&self) -> Duration {
        self.known.now()
    }

    /// Forgets a session that has ended.
    pub fn forget(&self, session_id: &str) {
        self.known.forget(session_id);
    }
}
