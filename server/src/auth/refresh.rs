//! Refresh tokens: 256 random bits, stored as SHA-256, good for one use ([`super::rotation`]).

use super::{
    error::AuthError,
    rotation::{self, Rotation, Spent},
    session::Sessions,
    store_refresh::{NewToken, RefreshStore},
    store_session::{EndReason, SessionRow, SessionStore},
};
use crate::{
    clock::Clock,
    db::{Db, Tx},
    ids::Ids,
};
use sha2::{Digest, Sha256};

/// 256 bits in URL-safe base64.
const TOKEN_CHARS: usize = 43;

#[derive(Clone)]
pub(super) struct RefreshTokens {
    db: Db,
    sessions: Sessions,
    ttl_ms: i64,
    clock: Clock,
    ids: Ids,
}

/// A token that was just made; only the customer keeps it.
pub(super) struct FreshToken {
    pub token: String,
    /// Lifetime in seconds.
    pub expires_in: u32,
}

impl RefreshTokens {
    pub fn new(db: Db, sessions: Sessions, ttl_ms: i64, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            sessions,
            ttl_ms,
            clock,
            ids,
        }
    }

    /// Makes the next token of a session inside the caller's transaction, as successor of the one with
    /// that hash. It never outlives the session.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn issue(
        &self,
        tx: &mut Tx,
        session: &SessionRow,
        parent_hash: Option<&str>,
    ) -> Result<FreshToken, AuthError> {
        let now = self.clock.now_ms();
        let expires_at = (now + self.ttl_ms).min(session.expires_at);
        let token = self.ids.token();
        let row = NewToken {
            token_hash: &digest(&token),
            session_id: &session.session_id,
            now_ms: now,
            expires_at,
            parent_hash,
        };
        RefreshStore::insert(tx, row).await?;
        Ok(FreshToken {
            token,
            expires_in: u32::try_from((expires_at - now) / 1_000).unwrap_or(0),
        })
    }

    /// Exchanges a token for its successor. Of several that present one token a single one spends it;
    /// [`super::rotation`] judges the others. The token of a session that has run out stays as it is:
    /// two tabs that present it a day later are no theft.
    ///
    /// # Errors
    /// [`AuthError::RefreshInvalid`], [`AuthError::Db`]
    pub async fn rotate(
        &self,
        token: &str,
        browser: Option<&str>,
    ) -> Result<(SessionRow, FreshToken), AuthError> {
        if token.len() != TOKEN_CHARS {
            return Err(AuthError::RefreshInvalid);
        }
        let (token_hash, browser) = (digest(token), browser.map(digest));
        let browser = browser.as_deref();
        let mut tx = self.db.begin_write().await?;
        let now = self.clock.now_ms();
        let session = match RefreshStore::spend(&mut tx, &token_hash, now, browser).await? {
            Some(spent) => {
                self.live(&mut tx, &spent.session_id, spent.expires_at)
                    .await?
            }
            None => match self.reused(&mut tx, &token_hash, browser).await? {
                Reuse::Replaced(session) => Some(session),
                Reuse::Stolen(session) => {
                    // Ending it is a transaction of its own, and SQLite has one writer.
                    tx.commit().await?;
                    let (session, account) = (&session.session_id, &session.account_id);
                    let reason = EndReason::RefreshReused;
                    self.sessions.end(session, account, reason).await?;
                    return Err(AuthError::RefreshInvalid);
                }
                Reuse::Unknown => None,
            },
        };
        let session = session.ok_or(AuthError::RefreshInvalid)?;
        SessionStore::touch_in(&mut tx, &session.session_id, now).await?;
        let fresh = self.issue(&mut tx, &session, Some(&token_hash)).await?;
        tx.commit().await?;
        Ok((session, fresh))
    }

    /// Whether the token is unspent. Asking changes nothing.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn can_spend(&self, token: &str) -> Result<bool, AuthError> {
        Ok(RefreshStore::is_unspent(&self.db, &digest(token)).await?)
    }

    /// Judges a token that cannot be spent.
    async fn reused(
        &self,
        tx: &mut Tx,
        token_hash: &str,
        browser: Option<&str>,
    ) -> Result<Reuse, AuthError> {
        let Some(used) = RefreshStore::spent(tx, token_hash).await? else {
            return Ok(Reuse::Unknown);
        };
        let Some(session) = self.live(tx, &used.session_id, used.expires_at).await? else {
            return Ok(Reuse::Unknown);
        };
        let successor = RefreshStore::successor(tx, &used.session_id, token_hash).await?;
        let spent = Spent {
            at_ms: used.spent_at.unwrap_or(i64::MIN),
            by: used.spent_by.as_deref(),
            successor_unspent: successor.is_some(),
        };
        // Read after the wait for this transaction's turn: whoever spent the token did so before.
        let now = self.clock.now_ms();
        if rotation::judge(&spent, browser, now) == Rotation::Replace
            && let Some(successor) = successor
            // A successor that was spent since it was read is judged as spent.
            && RefreshStore::kill(tx, &successor, now).await?
        {
            tracing::info!(event = "refresh_answer_lost");
            return Ok(Reuse::Replaced(session));
        }
        Ok(Reuse::Stolen(session))
    }

    /// The session of a token with that expiry (epoch milliseconds), unless it is over.
    async fn live(
        &self,
        tx: &mut Tx,
        session_id: &str,
        expires_at: i64,
    ) -> Result<Option<SessionRow>, AuthError> {
        let session = SessionStore::find_in(tx, session_id).await?;
        let now = self.clock.now_ms();
        Ok(session.filter(|row| now < expires_at && !self.sessions.is_over(row, now)))
    }
}

/// What a token that cannot be spent is.
enum Reuse {
    /// One whose answer was lost: its successor is unusable now, and the session gets another.
    Replaced(SessionRow),
    /// One of a session that must end.
    Stolen(SessionRow),
    /// Never issued, or of a session that is over.
    Unknown,
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
