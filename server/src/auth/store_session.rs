//! Table `auth_session`.

use crate::db::{Db, DbError, Sql, Tx, execute, fetch_all, fetch_one, fetch_optional};

/// A session that was not ended; whether it has run out is for the caller to judge.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SessionRow {
    pub session_id: String,
    pub account_id: String,
    pub auto_login: bool,
    pub device: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    /// Of the account.
    pub revision: i64,
}

/// Why a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndReason {
    Logout,
    /// By the customer from another session, or by the limit of sessions.
    Removed,
    RefreshReused,
    AccountLocked,
    /// By an operator who set another password.
    PasswordSet,
}

impl EndReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "LOGOUT",
            Self::Removed => "REMOVED",
            Self::RefreshReused => "REFRESH_REUSED",
            Self::AccountLocked => "ACCOUNT_LOCKED",
            Self::PasswordSet => "PASSWORD_SET",
        }
    }

    /// Says that a session of that account has ended.
    pub fn log(self, account: &str) {
        let reason = self.as_str();
        tracing::info!(event = "session_ended", reason, account);
    }
}

const INSERT: Sql = Sql::same(
    "INSERT INTO auth_session
         (session_id, account_id, auto_login, device, created_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $5, $6)",
);

const FIND: Sql = Sql::same(
    "SELECT s.session_id, s.account_id, s.auto_login, s.device, s.created_at, s.last_seen_at,
            s.expires_at, a.revision
     FROM auth_session s JOIN auth_account a ON a.account_id = s.account_id
     WHERE s.session_id = $1 AND s.ended_at IS NULL AND a.status = 'ACTIVE'",
);

const COUNT: Sql = Sql::same(
    "SELECT COUNT(*) FROM auth_session
     WHERE ended_at IS NULL AND expires_at > $1 AND (auto_login OR last_seen_at > $2)",
);

const LIST: Sql = Sql::same(
    "SELECT s.session_id, s.account_id, s.auto_login, s.device, s.created_at, s.last_seen_at,
            s.expires_at, a.revision
     FROM auth_session s JOIN auth_account a ON a.account_id = s.account_id
     WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
     ORDER BY s.created_at DESC, s.session_id DESC",
);

const TOUCH: Sql = Sql::same(
    "UPDATE auth_session SET last_seen_at = $2
     WHERE session_id = $1 AND ended_at IS NULL AND last_seen_at < $2",
);

const END: Sql = Sql::same(
    "UPDATE auth_session SET ended_at = $3, end_reason = $4
     WHERE session_id = $1 AND account_id = $2 AND ended_at IS NULL",
);

const END_OTHERS: Sql = Sql::same(
    "UPDATE auth_session SET ended_at = $3, end_reason = $4
     WHERE account_id = $1 AND session_id <> $2 AND ended_at IS NULL
     RETURNING session_id",
);

const END_ALL: Sql = Sql::same(
    "UPDATE auth_session SET ended_at = $2, end_reason = $3
     WHERE account_id = $1 AND ended_at IS NULL",
);

/// Ends the live sessions beyond the newest `$3`; those last seen before `$4` do not count. The LIMIT is
/// for SQLite, which has no OFFSET without one.
const END_OLDEST: Sql = Sql::same(
    "UPDATE auth_session SET ended_at = $2, end_reason = $5
     WHERE session_id IN (
         SELECT session_id FROM auth_session
         WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2
             AND (auto_login OR last_seen_at > $4)
         ORDER BY created_at DESC, session_id DESC
         LIMIT 1000000 OFFSET $3
     ) AND ended_at IS NULL
     RETURNING session_id",
);

#[derive(Clone)]
pub(super) struct SessionStore(pub Db);

impl SessionStore {
    pub async fn insert(tx: &mut Tx, session: &SessionRow) -> Result<(), DbError> {
        execute!(
            tx.target(),
            INSERT,
            &session.session_id,
            &session.account_id,
            session.auto_login,
            &session.device,
            session.created_at,
            session.expires_at
        )
        .map(|_| ())
    }

    pub async fn find(&self, session_id: &str) -> Result<Option<SessionRow>, DbError> {
        fetch_optional!(self.0.read(), SessionRow, FIND, session_id)
    }

    pub async fn find_in(tx: &mut Tx, session_id: &str) -> Result<Option<SessionRow>, DbError> {
        fetch_optional!(tx.target(), SessionRow, FIND, session_id)
    }

    /// The number of sessions that were not ended, expire after `now_ms`, and were seen after
    /// `silent_since_ms` unless they log in automatically.
    pub async fn count(&self, now_ms: i64, silent_since_ms: i64) -> Result<i64, DbError> {
        let (count,) = fetch_one!(self.0.read(), (i64,), COUNT, now_ms, silent_since_ms)?;
        Ok(count)
    }

    /// Newest first.
    pub async fn list(&self, account_id: &str, now_ms: i64) -> Result<Vec<SessionRow>, DbError> {
        fetch_all!(self.0.read(), SessionRow, LIST, account_id, now_ms)
    }

    /// Notes that the session was seen at that instant, unless later already.
    pub async fn touch(&self, session_id: &str, now_ms: i64) -> Result<(), DbError> {
        execute!(self.0.write(), TOUCH, session_id, now_ms).map(|_| ())
    }

    /// The same in a transaction.
    pub async fn touch_in(tx: &mut Tx, session_id: &str, now_ms: i64) -> Result<(), DbError> {
        execute!(tx.target(), TOUCH, session_id, now_ms).map(|_| ())
    }

    /// Ends a session of that account; whether it was live.
    pub async fn end(
        &self,
        session_id: &str,
        account_id: &str,
        now_ms: i64,
        reason: EndReason,
    ) -> Result<bool, DbError> {
        let ended = execute!(
            self.0.write(),
            END,
            session_id,
            account_id,
            now_ms,
            reason.as_str()
        )?;
        Ok(ended > 0)
    }

    /// Ends every session of the account except that one; returns the ids of those it ended.
    pub async fn end_others(
        &self,
        session_id: &str,
        account_id: &str,
        now_ms: i64,
        reason: EndReason,
    ) -> Result<Vec<String>, DbError> {
        let ended = fetch_all!(
            self.0.write(),
            (String,),
            END_OTHERS,
            account_id,
            session_id,
            now_ms,
            reason.as_str()
        )?;
        Ok(ended.into_iter().map(|(id,)| id).collect())
    }

    /// Ends the oldest live sessions of the account beyond `most`; returns their ids.
    pub async fn end_oldest(
        tx: &mut Tx,
        account_id: &str,
        now_ms: i64,
        most: i64,
        silent_since_ms: i64,
    ) -> Result<Vec<String>, DbError> {
        let ended = fetch_all!(
            tx.target(),
            (String,),
            END_OLDEST,
            account_id,
            now_ms,
            most,
            silent_since_ms,
            EndReason::Removed.as_str()
        )?;
        Ok(ended.into_iter().map(|(id,)| id).collect())
    }

    /// Ends every session of the account.
    pub async fn end_all(
        tx: &mut Tx,
        account_id: &str,
        now_ms: i64,
        reason: EndReason,
    ) -> Result<(), DbError> {
        let reason = reason.as_str();
        execute!(tx.target(), END_ALL, account_id, now_ms, reason).map(|_| ())
    }
}
