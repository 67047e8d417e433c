//! Sessions: the row decides, the cache remembers, and within a second this replica does so alone.
//!
//! A session ends when it was idle for half an hour (unless it logs in by itself), a day after the
//! login, by logout, or with its account. `last_seen_at` is written at most once a minute, so
//! idleness is up to a minute early and never late.

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
    metrics::Lookup,
    tasks::Tasks,
};
use app::model::Principal;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

/// `last_seen_at` is not written more often.
const SEEN_EVERY_MS: i64 = 60_000;

/// How sessions are cached.
#[derive(Clone, Copy, Debug)]
pub struct SessionCaching {
    /// How long an entry is kept.
    pub ttl: Duration,
    /// How long an entry is believed without asking the database whether the session still lives.
    /// At most a second unless every process that ends sessions removes the entry from the same
    /// cache: a logout must be noticed everywhere within that second. What this process has looked
    /// up itself is believed for a little less than a second in any case.
    pub trust: Duration,
}

impl SessionCaching {
    /// Believes a shared cache for as long as it keeps an entry, a local one for a second.
    pub fn of(cache: &dyn Cache, ttl: Duration) -> Self {
        let trust = if cache.shared() {
            ttl
        } else {
            Duration::from_secs(1)
        };
        Self { ttl, trust }
    }
}

/// A live session as the cache holds it; instants in epoch milliseconds.
#[derive(Clone, Serialize, Deserialize)]
struct CachedSession {
    principal: Principal,
    /// Of the account when the principal was read.
    revision: i64,
    last_seen_at: i64,
    expires_at: i64,
    /// When the database last said that it lives.
    checked_at: i64,
}

#[derive(Clone)]
pub(super) struct Sessions {
    store: SessionStore,
    accounts: AccountStore,
    cache: Arc<dyn Cache>,
    recent: RecentSessions,
    ttl: Duration,
    trust_ms: i64,
    idle_ms: i64,
    clock: Clock,
    tasks: Tasks,
}

pub(super) fn cache_key(session_id: &str) -> String {
    format!("session:{session_id}")
}

impl Sessions {
    pub fn new(
        db: Db,
        cache: Arc<dyn Cache>,
        caching: SessionCaching,
        idle_ttl: Duration,
        clock: Clock,
        tasks: Tasks,
    ) -> Self {
        Self {
            store: SessionStore(db.clone()),
            accounts: AccountStore(db),
            cache,
            recent: RecentSessions::new(clock.clone()),
            ttl: caching.ttl,
            trust_ms: millis(caching.trust),
            idle_ms: millis(idle_ttl),
            clock,
            tasks,
        }
    }

    /// Whether the session has run out by itself.
    pub fn is_over(&self, session: &SessionRow, now: i64) -> bool {
        let idle = now - session.last_seen_at >= self.idle_ms;
        now >= session.expires_at || (idle && !session.auto_login)
    }

    /// Who owns that session.
    ///
    /// # Errors
    /// [`AuthError::SessionEnded`]; [`AuthError::Db`] when the database has to be asked and is away.
    pub async fn principal(
        &self,
        session_id: &str,
        account_id: &str,
    ) -> Result<Arc<Principal>, AuthError> {
        if let Some(principal) = self.recent.find(session_id, account_id) {
            self.cache.metrics().looked("session", Lookup::Hit);
            return Ok(principal);
        }
        let now = self.clock.now_ms();
        let cached = self.cached(session_id, account_id).await;
        let believed_ms = cached.as_ref().map(|cached| self.believed_ms(cached, now));
        if let (Some(cached), Some(left @ 1..)) = (&cached, believed_ms) {
            self.cache.metrics().looked("session", Lookup::Hit);
            let principal = Arc::new(cached.principal.clone());
            self.recent
                .keep(&principal, Duration::from_millis(left.unsigned_abs()));
            return Ok(principal);
        }
        self.cache.metrics().looked("session", Lookup::Miss);
        let (sessions, session_id, account_id) =
            (self.clone(), session_id.to_owned(), account_id.to_owned());
        self.tasks
            .finish(async move {
                sessions
                    .revisit(&session_id, &account_id, cached, now)
                    .await
            })
            .await?
    }

    /// For how many milliseconds the entry still answers without a look into the database; none
    /// when it must be looked at now, and when it comes from the future.
    fn believed_ms(&self, cached: &CachedSession, now: i64) -> i64 {
        if now < cached.checked_at {
            return 0;
        }
        let ends = [
            cached.checked_at.saturating_add(self.trust_ms),
            cached.last_seen_at + SEEN_EVERY_MS.min(self.idle_ms),
            cached.expires_at,
        ];
        ends.into_iter().fold(i64::MAX, i64::min) - now
    }

    /// Asks the database, notes that the session was seen, and remembers it.
    async fn revisit(
        &self,
        session_id: &str,
        account_id: &str,
        cached: Option<CachedSession>,
        now: i64,
    ) -> Result<Arc<Principal>, AuthError> {
        let row = self.store.find(session_id).await?;
        let Some(mut row) = row.filter(|row| row.account_id == account_id) else {
            self.forget(session_id).await;
            return Err(AuthError::SessionEnded);
        };
        if self.is_over(&row, now) {
            self.forget(session_id).await;
            return Err(AuthError::SessionEnded);
        }
        if now - row.last_seen_at >= SEEN_EVERY_MS {
            self.store.touch(session_id, now).await?;
            row.last_seen_at = now;
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
        self.remember(&row, &principal, now).await?;
        Ok(Arc::new(principal))
    }

    /// Puts the session into the cache.
    ///
    /// # Errors
    /// [`AuthError::Db`] when the database is away.
    pub async fn remember(
        &self,
        row: &SessionRow,
        principal: &Principal,
        now: i64,
    ) -> Result<(), AuthError> {
        let cached = CachedSession {
            principal: principal.clone(),
            revision: row.revision,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            checked_at: now,
        };
        let Ok(bytes) = serde_json::to_vec(&cached) else {
            return Ok(());
        };
        self.cache
            .put(&cache_key(&row.session_id), &bytes, self.ttl)
            .await;
        if self.cache.shared() {
            // Whoever ended the session or changed the account between our look and our put has
            // removed an entry that was not there yet. Where entries are believed for long, ours
            // must not stay.
            let again = self.store.find(&row.session_id).await?;
            let unchanged = again
                .as_ref()
                .is_some_and(|again| again.revision == row.revision);
            if !unchanged {
                self.forget(&row.session_id).await;
            }
            again.ok_or(AuthError::SessionEnded)?;
        }
        Ok(())
    }

    /// Inside the transaction of a login: of more than `most` sessions the oldest end. Forget them
    /// once it is committed.
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
        if ended {
            self.forget(session_id).await;
            tracing::info!(event = "session_ended", reason = reason.as_str());
        }
        Ok(ended)
    }

    /// How many sessions of all accounts have not run out.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn count(&self) -> Result<i64, AuthError> {
        Ok(self.store.count(self.clock.now_ms()).await?)
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

    pub async fn forget(&self, session_id: &str) {
        self.cache.remove(&cache_key(session_id)).await;
        self.recent.forget(session_id);
    }
}
