//! Table `auth_refresh`.

use crate::db::{Db, DbError, Sql, Tx, execute, fetch_optional};

const INSERT: Sql = Sql::same(
    "INSERT INTO auth_refresh (token_hash, session_id, created_at, expires_at, parent_hash)
     VALUES ($1, $2, $3, $4, $5)",
);

/// Decides which of several requests spends the token.
const SPEND: Sql = Sql::same(
    "UPDATE auth_refresh SET spent_at = $2, spent_by = $3
     WHERE token_hash = $1 AND spent_at IS NULL
     RETURNING session_id, expires_at",
);

/// Changes nothing, but locks the row: requests with the same token take turns.
const SPENT: Sql = Sql::same(
    "UPDATE auth_refresh SET spent_at = spent_at
     WHERE token_hash = $1
     RETURNING session_id, expires_at, spent_at, spent_by",
);

const SUCCESSOR: Sql = Sql::same(
    "SELECT token_hash FROM auth_refresh
     WHERE session_id = $1 AND parent_hash = $2 AND spent_at IS NULL",
);

const UNSPENT: Sql =
    Sql::same("SELECT token_hash FROM auth_refresh WHERE token_hash = $1 AND spent_at IS NULL");

const KILL: Sql =
    Sql::same("UPDATE auth_refresh SET spent_at = $2 WHERE token_hash = $1 AND spent_at IS NULL");

/// A token that was just spent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SpentToken {
    pub session_id: String,
    pub expires_at: i64,
}

/// A token that was spent before.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct UsedToken {
    pub session_id: String,
    pub expires_at: i64,
    pub spent_at: Option<i64>,
    pub spent_by: Option<String>,
}

/// A token to be written.
pub(super) struct NewToken<'a> {
    pub token_hash: &'a str,
    pub session_id: &'a str,
    pub now_ms: i64,
    pub expires_at: i64,
    /// The token it succeeds; absent for the first of a session.
    pub parent_hash: Option<&'a str>,
}

pub(super) struct RefreshStore;

impl RefreshStore {
    pub async fn insert(tx: &mut Tx, token: NewToken<'_>) -> Result<(), DbError> {
        execute!(
            tx.target(),
            INSERT,
            token.token_hash,
            token.session_id,
            token.now_ms,
            token.expires_at,
            token.parent_hash
        )
        .map(|_| ())
    }

    /// `None` if the token does not exist or is spent.
    pub async fn spend(
        tx: &mut Tx,
        token_hash: &str,
        now_ms: i64,
        by: Option<&str>,
    ) -> Result<Option<SpentToken>, DbError> {
        fetch_optional!(tx.target(), SpentToken, SPEND, token_hash, now_ms, by)
    }

    /// A spent token, once it is this transaction's turn; `None` if it never existed.
    pub async fn spent(tx: &mut Tx, token_hash: &str) -> Result<Option<UsedToken>, DbError> {
        fetch_optional!(tx.target(), UsedToken, SPENT, token_hash)
    }

    /// The unspent successor of that token.
    pub async fn successor(
        tx: &mut Tx,
        session_id: &str,
        token_hash: &str,
    ) -> Result<Option<String>, DbError> {
        let found = fetch_optional!(tx.target(), (String,), SUCCESSOR, session_id, token_hash)?;
        Ok(found.map(|(token_hash,)| token_hash))
    }

    /// Whether the token exists and is unspent.
    pub async fn is_unspent(db: &Db, token_hash: &str) -> Result<bool, DbError> {
        let found = fetch_optional!(db.read(), (String,), UNSPENT, token_hash)?;
        Ok(found.is_some())
    }

    /// Makes a token unusable; whether it was still unspent.
    pub async fn kill(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<bool, DbError> {
        let killed = execute!(tx.target(), KILL, token_hash, now_ms)?;
        Ok(killed > 0)
    }
}
