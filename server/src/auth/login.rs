//! A login: reserve, look up, hash, judge. Known and unknown ids run the same statements and the same
//! hash; a locked one is refused after the reservation.

use super::{
    attempt_key::{AttemptKey, IdHasher},
    device,
    error::AuthError,
    lockout::{LockPolicy, Refusal, Reservation},
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

/// Slots for counts; those of different slots do not wait for one another.
const TURNS: usize = 1_024;

/// How long a login waits for earlier ones of its count. Each takes less than a tenth of this unless hashing
/// is busy or the database slow; then `AUTH_BUSY` is better than a longer wait.
const TURN_PATIENCE: Duration = Duration::from_secs(3);

/// Attempts that are counted together take turns on a replica. The lock is exact without this, but of six concurrent
/// right passwords the last would find five reserved attempts and be refused as locked.
#[derive(Clone)]
pub(super) struct Turns(Arc<[Mutex<()>]>);

impl Turns {
    pub fn new() -> Self {
        Self((0..TURNS).map(|_| Mutex::new(())).collect())
    }

    /// `None` if the turn does not come in time.
    async fn take(&self, key: &AttemptKey) -> Option<MutexGuard<'_, ()>> {
        let key = key.to_string();
        // The end is hexadecimal and random, of an id's hash as of a browser's name.
        let end = key.get(key.len().checked_sub(8)?..)?;
        let slot = usize::from_str_radix(end, 16).ok()? % TURNS;
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
    pub device_cookie: String,
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
        let cookie = command.device_cookie.as_deref();
        let key = self.id_hasher.key(&command.user_id, cookie);
        let mut account = None;
        let outcome = self.attempt(&command, &key, &mut account).await;
        let (result, reason) = match &outcome {
            Ok(_) => (LoginResult::Success, "SUCCESS"),
            Err(AuthError::Invalid) => (LoginResult::Refused, "REFUSED"),
            Err(AuthError::Locked { .. }) => (LoginResult::Locked, "LOCKED"),
            Err(AuthError::Busy) => (LoginResult::Busy, "BUSY"),
            Err(_) => (LoginResult::Failed, "FAILED"),
        };
        self.metrics.ended(result);
        let (id, known_browser) = (key.id_hash().get(..12), key.is_known_browser());
        tracing::info!(event = "login", reason, id, account, known_browser);
        outcome
    }

    /// Leaves in `known` whose id it is.
    async fn attempt(
        &self,
        command: &LoginCommand,
        key: &AttemptKey,
        known: &mut Option<String>,
    ) -> Result<LoggedIn, AuthError> {
        let _turn = self.turns.take(key).await.ok_or(AuthError::Busy)?;
        let place = self.hasher.place().ok_or(AuthError::Busy)?;
        let reserved = self.attempts.reserve(key, &self.policy).await?;
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
                let outcome = self.let_in(command, key, &account, checked).await;
                if outcome.is_err() {
                    self.excuse(key).await;
                }
                outcome
            }
            None => Err(self.refused(&reserved)),
        }
    }

    /// Clears the attempts: the password was right, and what failed afterwards is our fault. Five such
    /// failures, while a disk is full, must not lock the customer out.
    async fn excuse(&self, key: &AttemptKey) {
        if let Err(error) = self.attempts.excuse(key).await {
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
        key: &AttemptKey,
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
        AttemptStore::reset(&mut tx, key).await?;
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
        let [random] = self.ids.bytes();
        Ok(LoggedIn {
            session,
            principal,
            refresh,
            device_cookie: self.id_hasher.device_cookie(key, random),
        })
    }
}
