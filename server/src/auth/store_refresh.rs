//! Table `auth_refresh`.

use crate::db::{DbError, Sql, Tx, execute, fetch_optional};

const INSERT: Sql = Sql::same(
    "INSERT INTO auth_refresh (token_hash, session_id, created_at, expires_at)
     VALUES ($1, $2, $3, $4)",
);

/// The one statement that decides who of many wins.
const SPEND: Sql = Sql::same(
    "UPDATE auth_refresh SET spent_at = $2
     WHERE token_hash = $1 AND spent_at IS NULL
     RETURNING session_id, expires_at",
);

const SESSION_OF: Sql = Sql::same(
    "SELECT s.session_id, s.account_id
     FROM auth_refresh r JOIN auth_session s ON s.session_id = r.session_id
     WHERE r.token_hash = $1",
);

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SpentToken {
    pub session_id: String,
    pub expires_at: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SessionOfToken {
    pub session_id: String,
    pub account_id: String,
}

pub(super) struct RefreshStore;

impl RefreshStore {
    pub async fn insert(
        tx: &mut Tx,
        token_hash: &str,
        session_id: &str,
        now_ms: i64,
        expires_at: i64,
    ) -> Result<(), DbError> {
        execute!(
            tx.target(),
            INSERT,
            token_hash,
            session_id,
            now_ms,
            expires_at
        )
        .map(|_| ())
    }

    /// `None` when there is no such token or somebody has spent it.
    pub async fn spend(
        tx: &mut Tx,
        token_hash: &str,
        now_ms: i64,
    ) -> Result<Option<SpentToken>, DbError> {
        fetch_optional!(tx.target(), SpentToken, SPEND, token_hash, now_ms)
    }

    /// The session of a token, spent or not.
    pub async fn session_of(
        tx: &mut Tx,
        token_hash: &str,
    ) -> Result<Option<SessionOfToken>, DbError> {
        fetch_optional!(tx.target(), SessionOfToken, SESSION_OF, token_hash)
    }
}
