//! A login: reserve, look up, hash, judge. Known and unknown ids run the same statements and the same
//! hash; a locked one is refused after the reservation.

use super::{
    device,
    error::AuthError,
    lockout::{IdHasher, LockPolicy, Refusal, Reservation},
    password::{Checked, Hasher},
    refresh::{FreshToken, RefreshTokens},
    session::Sessions,
    store_account::{AccountRow, AccountStore},
    store_attempt::AttemptStore,
    store_session::{SessionRow, SessionStore},
};
use crate::{
    clock::Clock,
    db::Db,
    error::Chain,
    ids::Ids,
    metrics::{LoginMetrics, LoginResult},
};
use app::{model::Principal, ssr::LoginCommand};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

/// Slots for ids; ids of different slots do not wait for one another.
const TURNS: usize = 1_024;

/// How long a login waits for earlier ones of its id. Each takes less than a tenth of this unless hashing
/// is busy or the database slow; then `AUTH_BUSY` is better than a longer wait.
const TURN_PATIENCE: Duration = Duration::from_secs(3);

/// Attempts on one id take turns on a replica. The lock is exact without this, but of six concurrent
/// right passwords the last would find five reserved attempts and be refused as locked.
#[derive(Clone)]
pub(super) struct Turns(Arc<[Mutex<()>]>);

impl Turns {
    pub fn new() -> Self {
        Self((0..TURNS).map(|_| Mutex::new(())).collect())
    }

    /// `None` if the turn does not come in time.
    async fn take(&self, id_hash: &str) -> Option<MutexGuard<'_, ()>> {
        let slot = usize::from_str_radix(id_hash.get(..8)?, 16).ok()? % TURNS;
        timeout(TURN_PATIENCE, self.0.get(slot)?.lock()).await.ok()
    }
}

/// The parts of a login.
#[derive(Clone)]
pub(super) struct Login {
    pub db: Db,
    pub accounts: AccountStore,
    pub attempts: AttemptStore,
    pub sessions: Sessions,
    pub refresh: RefreshTokens,
    pub hasher: Hasher,
    pub id_hasher: IdHasher,
    pub policy: LockPolicy,
    pub session_ttl_ms: i64,
    pub max_sessions: Option<i64>,
    pub clock: Clock,
    pub ids: Ids,
    pub turns: Turns,
    pub metrics: LoginMetrics,
}

/// A successful login.
pub(super) struct LoggedIn {
    pub session: SessionRow,
    pub principal: Principal,
    pub refresh: FreshToken,
}

impl Login {
    /// Run it in a task: a login that is dropped half-way leaves its attempt counted.
    ///
    /// # Errors
    /// [`AuthError::Busy`] before anything was counted, or if the password was replaced or the account
    /// locked during the check; [`AuthError::Locked`],
    /// [`AuthError::Invalid`]; [`AuthError::Db`] and [`AuthError::Hash`] with the attempt counted,
    /// unless the password was right.
    pub async fn run(&self, command: LoginCommand) -> Result<LoggedIn, AuthError> {
        let id_hash = self.id_hasher.hash(&command.user_id);
        let mut account = None;
        let outcome = self.attempt(&command, &id_hash, &mut account).await;
        let (result, reason) = match &outcome {
            Ok(_) => (LoginResult::Success, "SUCCESS"),
            Err(AuthError::Invalid) => (LoginResult::Refused, "REFUSED"),
            Err(AuthError::Locked { .. }) => (LoginResult::Locked, "LOCKED"),
            Err(AuthError::Busy) => (LoginResult::Busy, "BUSY"),
            Err(_) => (LoginResult::Failed, "FAILED"),
        };
        self.metrics.ended(result);
        let id = id_hash.get(..12);
        tracing::info!(event = "login", reason, id, account);
        outcome
    }

    /// Leaves in `known` whose id it is.
    async fn attempt(
        &self,
        command: &LoginCommand,
        id_hash: &str,
        known: &mut Option<String>,
    ) -> Result<LoggedIn, AuthError> {
        let _turn = self.turns.take(id_hash).await.ok_or(AuthError::Busy)?;
        let place = self.hasher.place().ok_or(AuthError::Busy)?;
        let reserved = self.attempts.reserve(id_hash, &self.policy).await?;
        if !self.policy.evaluates(&reserved) {
            return Err(self.refused(&reserved));
        }
        let account = self.accounts.find_by_user(command.user_id.as_str()).await?;
        *known = account.as_ref().map(|row| row.account_id.clone());
        let stored = account.as_ref().map(|row| row.password_hash.as_str());
        let checked = self.hasher.check(&place, &command.password, stored).await?;
        drop(place);
        // A disabled account takes as long as any other and is refused like a wrong password.
        match account.filter(|row| checked.matches && row.is_active()) {
            Some(account) => {
                let outcome = self.let_in(command, id_hash, &account, checked).await;
                if outcome.is_err() {
                    self.excuse(id_hash).await;
                }
                outcome
            }
            None => Err(self.refused(&reserved)),
        }
    }

    /// Clears the attempts: the password was right, and what failed afterwards is our fault. Five such
    /// failures, while a disk is full, must not lock the customer out.
    async fn excuse(&self, id_hash: &str) {
        if let Err(error) = self.attempts.excuse(id_hash).await {
            tracing::warn!(error = %Chain(&error), "a right password stays counted");
        }
    }

    fn refused(&self, reserved: &Reservation) -> AuthError {
        match self.policy.refusal(reserved) {
            Refusal::Wrong => AuthError::Invalid,
            Refusal::Locked(retry_after_s) => AuthError::Locked { retry_after_s },
        }
    }

    async fn let_in(
        &self,
        command: &LoginCommand,
        id_hash: &str,
        account: &AccountRow,
        checked: Checked,
    ) -> Result<LoggedIn, AuthError> {
        let now = self.clock.now_ms();
        let session = SessionRow {
            session_id: self.ids.uuid(),
            account_id: account.account_id.clone(),
            auto_login: command.auto_login,
            device: device::short_name(&command.device),
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.session_ttl_ms,
            revision: account.revision,
        };
        let principal = self
            .accounts
            .principal(account, &session.session_id)
            .await?;
        let mut tx = self.db.begin_write().await?;
        // The account's row first, as in every other transaction: logins of one account take turns on
        // it, and each counts the sessions of the one before.
        let (account_id, old) = (&account.account_id, &account.password_hash);
        let unchanged = match &checked.rehashed {
            Some(new) => AccountStore::replace_hash(&mut tx, account_id, old, new).await?,
            None => AccountStore::still_admits(&mut tx, account_id, old).await?,
        };
        // Ending the sessions of the old password, or of the account, did not cover this one.
        if !unchanged {
            return Err(AuthError::Busy);
        }
        AttemptStore::reset(&mut tx, id_hash).await?;
        SessionStore::insert(&mut tx, &session).await?;
        let refresh = self.refresh.issue(&mut tx, &session, None).await?;
        let pushed_out = match self.max_sessions {
            Some(most) => {
                let account = &account.account_id;
                self.sessions.end_oldest(&mut tx, account, most).await?
            }
            None => Vec::new(),
        };
        tx.commit().await?;
        for session_id in pushed_out {
            self.sessions.forget(&session_id).await;
            let (reason, account) = ("SESSION_LIMIT", &account.account_id);
            tracing::info!(event = "session_ended", reason, account);
        }
        self.sessions.remember(&session, &principal, now).await;
        Ok(LoggedIn {
            session,
            principal,
            refresh,
        })
    }
}
