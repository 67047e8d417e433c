//! Refresh tokens: 256 random bits, stored as SHA-256, good for one use ([`super::rotation`]).

use super::{
    error::AuthError,
    rotation::{self, Spent, Verdict},
    session::Sessions,
    store_refresh::{NewToken, RefreshStore, SpentToken},
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

    /// Makes the next token of a session inside the caller's transaction, for the one with that
    /// hash. It never outlives the session.
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

    /// Spends a token for its successor. Of many who present the same token one wins; what becomes
    /// of the others says [`super::rotation`].
    ///
    /// # Errors
    /// [`AuthError::RefreshInvalid`]
    pub async fn rotate(
        &self,
        token: &str,
        browser: Option<&str>,
    ) -> Result<(SessionRow, FreshToken), AuthError> {
        if token.len() != TOKEN_CHARS {
            return Err(AuthError::RefreshInvalid);
        }
        let now = self.clock.now_ms();
        let (token_hash, browser) = (digest(token), browser.map(digest));
        let browser = browser.as_deref();
        let mut tx = self.db.begin_write().await?;
        let spent = match RefreshStore::spend(&mut tx, &token_hash, now, browser).await? {
            Some(spent) => Ok(spent),
            None => self.again(&mut tx, &token_hash, now, browser).await?,
        };
        let spent = match spent {
            Ok(spent) => spent,
            Err(stolen) => {
                tx.commit().await?;
                if let Some((session_id, account_id)) = stolen {
                    let reason = EndReason::RefreshReused;
                    self.sessions.end(&session_id, &account_id, reason).await?;
                }
                return Err(AuthError::RefreshInvalid);
            }
        };
        let session = SessionStore::find_in(&mut tx, &spent.session_id).await?;
        let live = session.filter(|row| now < spent.expires_at && !self.sessions.is_over(row, now));
        let Some(session) = live else {
            tx.commit().await?;
            return Err(AuthError::RefreshInvalid);
        };
        SessionStore::touch_in(&mut tx, &session.session_id, now).await?;
        let fresh = self.issue(&mut tx, &session, Some(&token_hash)).await?;
        tx.commit().await?;
        Ok((session, fresh))
    }

    /// Whether somebody could spend the token now. Asking changes nothing.
    ///
    /// # Errors
    /// [`AuthError::Db`]
    pub async fn can_spend(&self, token: &str) -> Result<bool, AuthError> {
        Ok(RefreshStore::is_unspent(&self.db, &digest(token)).await?)
    }

    /// A token that cannot be spent any more: its answer was lost, or it was stolen (session and
    /// account), or there never was one.
    async fn again(
        &self,
        tx: &mut Tx,
        token_hash: &str,
        now: i64,
        browser: Option<&str>,
    ) -> Result<Result<SpentToken, Option<(String, String)>>, AuthError> {
        let Some(used) = RefreshStore::spent(tx, token_hash).await? else {
            return Ok(Err(None));
        };
        let successor = RefreshStore::successor(tx, &used.session_id, token_hash).await?;
        let spent = Spent {
            at_ms: used.spent_at.unwrap_or(i64::MIN),
            by: used.spent_by.as_deref(),
            successor_unspent: successor.is_some(),
        };
        if rotation::judge(&spent, browser, now) == Verdict::Replace
            && let Some(successor) = successor
        {
            RefreshStore::kill(tx, &successor, now).await?;
            tracing::info!(event = "refresh_answer_lost");
            return Ok(Ok(SpentToken {
                session_id: used.session_id,
                expires_at: used.expires_at,
            }));
        }
        let account = RefreshStore::account_of(tx, &used.session_id).await?;
        Ok(Err(account.map(|account| (used.session_id, account))))
    }
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
