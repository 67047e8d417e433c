//! The port: login, refresh, authenticate, logout, sessions.

use super::{
    attempt_key::IdHasher,
    error::{AuthError, UnusableSettings},
    lockout::LockPolicy,
    login::{Login, Turns},
    password::Hasher,
    refresh::{FreshToken, RefreshTokens},
    session::Sessions,
    store_account::AccountStore,
    store_attempt::AttemptStore,
    store_session::{EndReason, SessionRow},
    token::Tokens,
};
use crate::{
    cache::Cache,
    clock::{Clock, kst, millis},
    config::AuthConfig,
    db::Db,
    error::AppError,
    ids::Ids,
    metrics::LoginMetrics,
    tasks::Tasks,
};
use app::{
    model::{Principal, SessionInfo},
    problem::Problem,
    ssr::{AuthPort, LoginCommand, LoginOutcome, TokenPair},
};
use async_trait::async_trait;
use secrecy::ExposeSecret;
use std::{future::Future, sync::Arc, time::Duration};

/// HMAC keys shorter than the hash's output weaken it (RFC 7518, 3.2).
pub(super) const MIN_SECRET_BYTES: usize = 32;

/// Authentication. Cheap to clone.
#[derive(Clone)]
pub struct Auth(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) login: Login,
    tokens: Tokens,
    tasks: Tasks,
}

impl Auth {
    /// `session_ttl`: how long the cache keeps a session.
    ///
    /// # Errors
    /// [`UnusableSettings`] when the secret is short or argon2's parameters are out of range.
    pub fn new(
        db: Db,
        cache: Arc<dyn Cache>,
        session_ttl: Duration,
        config: &AuthConfig,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Result<Self, UnusableSettings> {
        if config.token_secret.expose_secret().len() < MIN_SECRET_BYTES {
            return Err(UnusableSettings::ShortSecret(MIN_SECRET_BYTES));
        }
        if config.lock_after == 0 {
            return Err(UnusableSettings::LockAfter);
        }
        let hasher = Hasher::new(config, ids.clone()).map_err(UnusableSettings::Argon2)?;
        let sessions = Sessions::new(
            db.clone(),
            cache,
            session_ttl,
            config.idle_ttl,
            clock.clone(),
            tasks.clone(),
        );
        let refresh_ttl_ms = millis(config.refresh_ttl);
        let refresh = RefreshTokens::new(
            db.clone(),
            sessions.clone(),
            refresh_ttl_ms,
            clock.clone(),
            ids.clone(),
        );
        Ok(Self(Arc::new(Parts {
            tokens: Tokens::new(config, clock.clone(), ids.clone()),
            login: Login {
                accounts: AccountStore(db.clone()),
                attempts: AttemptStore(db.clone()),
                db,
                sessions,
                refresh,
                hasher,
                id_hasher: IdHasher::new(config),
                policy: LockPolicy::of(config),
                session_ttl_ms: refresh_ttl_ms,
                max_sessions: config.max_sessions.map(i64::from),
                clock,
                ids,
                turns: Turns::new(),
                metrics: LoginMetrics::default(),
            },
            tasks,
        })))
    }

    /// Password checks since the start, those of unknown ids included.
    pub fn password_checks(&self) -> u64 {
        self.0.login.hasher.checks()
    }

    /// KiB that argon2 has filled for checks since the start, those of unknown ids included.
    pub fn password_work(&self) -> u64 {
        self.0.login.hasher.work()
    }

    fn pair(&self, session: &SessionRow, refresh: FreshToken) -> Result<TokenPair, AuthError> {
        let (access_token, expires_in) =
            self.0
                .tokens
                .issue(&session.account_id, &session.session_id, session.expires_at)?;
        Ok(TokenPair {
            access_token,
            expires_in,
            refresh_token: refresh.token,
            refresh_expires_in: refresh.expires_in,
            persistent: session.auto_login,
        })
    }

    async fn log_in(self, command: LoginCommand) -> Result<LoginOutcome, AuthError> {
        let logged_in = self.0.login.run(command).await?;
        Ok(LoginOutcome {
            tokens: self.pair(&logged_in.session, logged_in.refresh)?,
            principal: logged_in.principal,
            device_cookie: logged_in.device_cookie,
        })
    }

    async fn rotate(
        self,
        refresh_token: String,
        browser: Option<String>,
    ) -> Result<TokenPair, AuthError> {
        let refresh = &self.0.login.refresh;
        let (session, fresh) = refresh.rotate(&refresh_token, browser.as_deref()).await?;
        self.pair(&session, fresh)
    }

    async fn end(
        self,
        session_id: String,
        account_id: String,
        reason: EndReason,
    ) -> Result<bool, AuthError> {
        let sessions = &self.0.login.sessions;
        sessions.end(&session_id, &account_id, reason).await
    }

    /// Runs work that writes to its end, even if the caller is dropped.
    async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.0.tasks.finish(work).await;
        done.map_err(AuthError::from)
            .and_then(|outcome| outcome)
            .map_err(to_problem)
    }
}

fn to_problem(error: AuthError) -> Problem {
    AppError::from(error).into_problem()
}

#[async_trait]
impl AuthPort for Auth {
    async fn login(&self, command: LoginCommand) -> Result<LoginOutcome, Problem> {
        self.finish(self.clone().log_in(command)).await
    }

    async fn refresh(
        &self,
        refresh_token: &str,
        browser: Option<&str>,
    ) -> Result<TokenPair, Problem> {
        let (token, browser) = (refresh_token.to_owned(), browser.map(str::to_owned));
        self.finish(self.clone().rotate(token, browser)).await
    }

    async fn can_refresh(&self, refresh_token: &str) -> Result<bool, Problem> {
        let (auth, token) = (self.clone(), refresh_token.to_owned());
        self.finish(async move { auth.0.login.refresh.can_spend(&token).await })
            .await
    }

    async fn authenticate(&self, access_token: &str) -> Result<Arc<Principal>, Problem> {
        let claims = self
            .0
            .tokens
            .verify(access_token)
            .map_err(|error| to_problem(error.into()))?;
        self.0
            .login
            .sessions
            .principal(&claims.sid, &claims.sub)
            .await
            .map_err(to_problem)
    }

    async fn logout(&self, who: &Principal) -> Result<(), Problem> {
        let (session, account) = (who.session_id.clone(), who.account_id.clone());
        self.finish(self.clone().end(session, account, EndReason::Logout))
            .await
            .map(|_| ())
    }

    async fn sessions(&self, who: &Principal) -> Result<Vec<SessionInfo>, Problem> {
        let (auth, account) = (self.clone(), who.account_id.clone());
        let rows = self
            .finish(async move { auth.0.login.sessions.list(&account).await })
            .await?;
        let info = |row: SessionRow| SessionInfo {
            current: row.session_id == who.session_id,
            session_id: row.session_id,
            created_at: kst(row.created_at),
            last_seen_at: kst(row.last_seen_at),
            device: row.device,
        };
        Ok(rows.into_iter().map(info).collect())
    }

    async fn end_session(&self, who: &Principal, session_id: &str) -> Result<(), Problem> {
        let (session, account) = (session_id.to_owned(), who.account_id.clone());
        let ended = self
            .finish(self.clone().end(session, account, EndReason::Removed))
            .await?;
        if ended {
            Ok(())
        } else {
            Err(to_problem(AuthError::NoSuchSession))
        }
    }

    async fn end_other_sessions(&self, who: &Principal) -> Result<(), Problem> {
        let (auth, who) = (self.clone(), who.clone());
        self.finish(async move {
            let sessions = &auth.0.login.sessions;
            sessions.end_others(&who.session_id, &who.account_id).await
        })
        .await
    }
}
