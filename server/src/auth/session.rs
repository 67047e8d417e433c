//! Sessions: the row decides, and a replica that has read it believes it for a second. The cache holds
//! the principal, so that checking the row is one short read.
//!
//! A session ends after half an hour of idleness (unless it logs in automatically), a day after the
//! login, by logout, or with its account. `last_seen_at` is written at most once a minute, and once in a
//! tenth of the idle time if that is less, so idleness is detected so much early and never late.

use super::{
    error::AuthError,
    recent::RecentSessions,
    store_account::AccountStore,
    store_session::{EndReason, SessionRow, SessionStore},
};
use crate::{
    cache::Cache,
    clock::{Clock, millis},
    db::{Db, Tx},
    error::Chain,
    metrics::Lookup,
    tasks::Tasks,
};
use app::model::Principal;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

/// The longest between two writes of `last_seen_at` of a session in use.
const SEEN_EVERY_MS: i64 = 60_000;
/// It is no more than the idle time divided by this: who clicks between two writes must not be idle at the second.
const SEEN_PER_IDLE: i64 = 10;

/// How long an entry of a shared cache is believed while the database is away. One of a local cache is
/// not: ending a session on another replica does not remove it.
const IN_NEED_MS: i64 = 60_000;

/// A live session as the cache holds it; instants in epoch milliseconds.
#[derive(Clone, Serialize, Deserialize)]
struct CachedSession {
    principal: Principal,
    /// Of the account when the principal was read.
    revision: i64,
    /// When it runs out, by age or idleness.
    ends_at: i64,
    /// When the database last confirmed it, by the clock of the replica that asked.
    checked_at: i64,
}

#[derive(Clone)]
pub(super) struct Sessions {
    store: SessionStore,
    accounts: AccountStore,
    cache: Arc<dyn Cache>,
    recent: RecentSessions,
    ttl: Duration,
    in_need_ms: i64,
    idle_ms: i64,
    seen_every_ms: i64,
    clock: Clock,
    tasks: Tasks,
}

fn cache_key(session_id: &str) -> String {
    format!("session:{session_id}")
}

impl Sessions {
    pub fn new(
        db: Db,
        cache: Arc<dyn Cache>,
        ttl: Duration,
        idle_ttl: Duration,
        clock: Clock,
        tasks: Tasks,
    ) -> Self {
        let idle_ms = millis(idle_ttl);
        Self {
            store: SessionStore(db.clone()),
            accounts: AccountStore(db),
            in_need_ms: if cache.shared() { IN_NEED_MS } else { 0 },
            cache,
            recent: RecentSessions::new(clock.clone()),
            ttl,
            idle_ms,
            seen_every_ms: SEEN_EVERY_MS.min(idle_ms / SEEN_PER_IDLE),
            clock,
            tasks,
        }
    }

    /// Whether the session has run out, by age or idleness.
    pub fn is_over(&self, session: &SessionRow, now: i64) -> bool {
        now >= self.ends_at(session)
    }

    /// When the session runs out, in epoch milliseconds, unless it is seen before.
    fn ends_at(&self, session: &SessionRow) -> i64 {
        if session.auto_login {
            session.expires_at
        } else {
            session.expires_at.min(session.last_seen_at + self.idle_ms)
        }
    }

    /// The owner of that session.
    ///
    /// # Errors
    /// [`AuthError::SessionEnded`]; [`AuthError::Db`] if the database is away and no entry of a shared
    /// cache stands in for it.
    pub async fn principal(
        &self,
        session_id: &str,
        account_id: &str,
    ) -> Result<Arc<Principal>, AuthError> {
        if let Some(principal) = self.recent.find(session_id, account_id) {
            self.cache.metrics().looked("session", Lookup::Hit);
            return Ok(principal);
        }
        let (began, now) = (self.recent.now(), self.clock.now_ms());
        let cached = self.cached(session_id, account_id).await;
        let stand_in = cached
            .as_ref()
            .and_then(|cached| self.stand_in(cached, now));
        self.cache.metrics().looked("session", Lookup::Miss);
        let (sessions, session_id, account_id) =
            (self.clone(), session_id.to_owned(), account_id.to_owned());
        let revisited = self
            .tasks
            .finish(async move {
                sessions
                    .revisit(&session_id, &account_id, cached, now)
                    .await
            })
            .await?;
        let (began, principal, ends_at) = match (revisited, stand_in) {
            (Ok((principal, ends_at)), _) => (began, principal, ends_at),
            (Err(AuthError::Db(error)), Some((principal, ends_at))) => {
                tracing::debug!(error = %Chain(&error), "a session is believed without the database");
                (self.recent.now(), principal, ends_at)
            }
            (Err(error), _) => return Err(error),
        };
        let left = u64::try_from(ends_at - self.clock.now_ms()).unwrap_or(0);
        let principal = Arc::new(principal);
        self.recent
            .keep(&principal, began, Duration::from_millis(left));
        Ok(principal)
    }

    /// The owner as the cache has it, and until when that may stand in for the database; none if it comes
    /// from the future.
    fn stand_in(&self, cached: &CachedSession, now: i64) -> Option<(Principal, i64)> {
        let ends_at = cached.ends_at.min(cached.checked_at + self.in_need_ms);
        let holds = (cached.checked_at..ends_at).contains(&now);
        holds.then(|| (cached.principal.clone(), ends_at))
    }

    /// Asks the database, records that the session was seen, and caches it. Returns the owner, and when the
    /// session runs out.
    async fn revisit(
        &self,
        session_id: &str,
        account_id: &str,
        cached: Option<CachedSession>,
        now: i64,
    ) -> Result<(Principal, i64), AuthError> {
        let row = self.store.find(session_id).await?;
        let Some(mut row) = row.filter(|row| row.account_id == account_id) else {
            self.forget(session_id).await;
            return Err(AuthError::SessionEnded);
        };
        if self.is_over(&row, now) {
            self.forget(session_id).await;
            return Err(AuthError::SessionEnded);
        }
        if now - row.last_seen_at >= self.seen_every_ms {
            match self.store.touch(session_id, now).await {
                Ok(()) => row.last_seen_at = now,
                // A read-only database must keep nobody out.
                Err(error) => {
                    tracing::debug!(error = %Chain(&error), "a session is seen and not noted")
                }
            }
        }
        let known = cached.filter(|cached| cached.revision == row.revision);
        let principal = match known {
            Some(cached) => cached.principal,
            None => {
                let account = self.accounts.find_by_id(account_id).await?;
                let account = account.ok_or(AuthError::SessionEnded)?;
                self.accounts.principal(&account, session_id).await?
            }
        };
        self.remember(&row, &principal, now).await;
        Ok((principal, self.ends_at(&row)))
    }

    /// Puts the session into the cache.
    pub async fn remember(&self, row: &SessionRow, principal: &Principal, now: i64) {
        let cached = CachedSession {
            principal: principal.clone(),
            revision: row.revision,
            ends_at: self.ends_at(row),
            checked_at: now,
        };
        if let Ok(bytes) = serde_json::to_vec(&cached) {
            let key = cache_key(&row.session_id);
            self.cache.put(&key, &bytes, self.ttl).await;
        }
    }

    /// Inside the transaction of a login, ends the oldest sessions beyond `most`, and returns their ids to
    /// be forgotten after the commit.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn end_oldest(
        &self,
        tx: &mut Tx,
        account_id: &str,
        most: i64,
    ) -> Result<Vec<String>, AuthError> {
        let now = self.clock.now_ms();
        let silent_since = now - self.idle_ms;
        Ok(SessionStore::end_oldest(tx, account_id, now, most, silent_since).await?)
    }

    /// Ends a session of that account: first in the database, then in the cache.
    ///
    /// # Errors
    /// [`AuthError::Db`]: it may or may not have ended.
    pub async fn end(
        &self,
        session_id: &str,
        account_id: &str,
        reason: EndReason,
    ) -> Result<bool, AuthError> {
        let now = self.clock.now_ms();
        let ended = self.store.end(session_id, account_id, now, reason).await?;
        // Even if it had ended before: the cache may not have been told.
        self.forget(session_id).await;
        if ended {
            reason.log(account_id);
        }
        Ok(ended)
    }

    /// Ends every session of that account except this one: first in the database, then in the cache.
    ///
    /// # Errors
    /// [`AuthError::Db`]: they may or may not have ended.
    pub async fn end_others(&self, session_id: &str, account_id: &str) -> Result<(), AuthError> {
        let (now, reason) = (self.clock.now_ms(), EndReason::Removed);
        let ended = self.store.end_others(session_id, account_id, now, reason);
        for id in ended.await? {
            self.forget(&id).await;
            reason.log(account_id);
        }
        Ok(())
    }

    /// The number of sessions, of all accounts, that have not run out.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn count(&self) -> Result<i64, AuthError> {
        let now = self.clock.now_ms();
        Ok(self.store.count(now, now - self.idle_ms).await?)
    }

    /// The live sessions of the account, newest first.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn list(&self, account_id: &str) -> Result<Vec<SessionRow>, AuthError> {
        let now = self.clock.now_ms();
        let mut rows = self.store.list(account_id, now).await?;
        rows.retain(|row| !self.is_over(row, now));
        Ok(rows)
    }

    async fn cached(&self, session_id: &str, account_id: &str) -> Option<CachedSession> {
        let bytes = self.cache.get(&cache_key(session_id)).await?;
        let cached: CachedSession = serde_json::from_slice(&bytes).ok()?;
        let own =
            cached.principal.session_id == session_id && cached.principal.account_id == account_id;
        own.then_some(cached)
    }

    /// Removes the session from the caches.
    pub async fn forget(&self, session_id: &str) {
        self.cache.remove(&cache_key(session_id)).await;
        self.recent.forget(session_id);
    }
}
