//! Refresh tokens: 256 random bits, stored as SHA-256, good for one use.

use super::{
    error::AuthError,
    session::Sessions,
    store_refresh::RefreshStore,
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
    /// Seconds it lives.
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

    /// Makes the next token of a session inside the caller's transaction. It never outlives the
    /// session.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn issue(&self, tx: &mut Tx, session: &SessionRow) -> Result<FreshToken, AuthError> {
        let now = self.clock.now_ms();
        let expires_at = (now + self.ttl_ms).min(session.expires_at);
        let token = self.ids.token();
        RefreshStore::insert(tx, &digest(&token), &session.session_id, now, expires_at).await?;
        Ok(FreshToken {
            token,
            expires_in: u32::try_from((expires_at - now) / 1_000).unwrap_or(0),
        })
    }

    /// Spends a token for its successor. Of many who present the same token one wins; whoever
    /// presents a spent one ends the session, because one of the two holders stole it.
    ///
    /// # Errors
    /// [`AuthError::RefreshInvalid`]
    pub async fn rotate(&self, token: &str) -> Result<(SessionRow, FreshToken), AuthError> {
        if token.len() != TOKEN_CHARS {
            return Err(AuthError::RefreshInvalid);
        }
        let now = self.clock.now_ms();
        let token_hash = digest(token);
        let mut tx = self.db.begin_write().await?;
        let Some(spent) = RefreshStore::spend(&mut tx, &token_hash, now).await? else {
            let known = RefreshStore::session_of(&mut tx, &token_hash).await?;
            tx.commit().await?;
            if let Some(of) = known {
                self.sessions
                    .end(&of.session_id, &of.account_id, EndReason::RefreshReused)
                    .await?;
            }
            return Err(AuthError::RefreshInvalid);
        };
        let session = SessionStore::find_in(&mut tx, &spent.session_id).await?;
        let live = session.filter(|row| now < spent.expires_at && !self.sessions.is_over(row, now));
        let Some(session) = live else {
            tx.commit().await?;
            return Err(AuthError::RefreshInvalid);
        };
        SessionStore::touch_in(&mut tx, &session.session_id, now).await?;
        let fresh = self.issue(&mut tx, &session).await?;
        tx.commit().await?;
        Ok((session, fresh))
    }
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
