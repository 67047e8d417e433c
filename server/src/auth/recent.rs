//! Sessions looked up a moment ago: the requests of one page ask the shared cache once.

use crate::{cache::BriefCache, clock::Clock};
use app::model::Principal;
use std::{sync::Arc, time::Duration};

/// A session that ended elsewhere is believed for no longer than this: less than the second within
/// which a logout must be noticed on every replica, by what it takes to answer.
const BELIEVED: Duration = Duration::from_millis(900);
/// Beyond it the least useful leave; they are looked up again.
const MOST: usize = 10_000;

/// The sessions this replica has just seen alive.
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

    /// Who owns that session, if it was alive a moment ago.
    pub fn find(&self, session_id: &str, account_id: &str) -> Option<Arc<Principal>> {
        let principal = self.known.find(session_id)?;
        (principal.account_id == account_id).then_some(principal)
    }

    /// Believes it for that long, and never for longer than a moment.
    pub fn keep(&self, principal: &Arc<Principal>, at_most: Duration) {
        let session_id = principal.session_id.clone();
        self.known
            .keep_for(session_id, principal.clone(), at_most.min(BELIEVED));
    }

    /// It has ended.
    pub fn forget(&self, session_id: &str) {
        self.known.forget(session_id);
    }
}
