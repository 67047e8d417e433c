//! Tier 1: why authentication refused or failed.

use super::{password::HashError, token::TokenError};
use crate::{db::DbError, error::AppError, tasks::Panicked};
use app::problem::ProblemCode;

/// Why a customer is refused, or could not be authenticated.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("the id or the password is wrong")]
    Invalid,
    #[error("the id is locked for another {retry_after_s} s")]
    Locked { retry_after_s: u32 },
    #[error("too many password checks are waiting")]
    Busy,
    #[error("the refresh token is not valid")]
    RefreshInvalid,
    #[error("the session has ended")]
    SessionEnded,
    #[error("the customer has no such session")]
    NoSuchSession,
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

/// `Retry-After` while hashing is busy, in seconds.
const BUSY_RETRY_AFTER_S: u32 = 1;

impl From<AuthError> for AppError {
    fn from(error: AuthError) -> Self {
        let code = match error {
            AuthError::Db(error) => return error.into(),
            AuthError::Locked { retry_after_s } => {
                return Self::new(ProblemCode::AuthLocked).retry_after(retry_after_s);
            }
            AuthError::Busy => {
                return Self::new(ProblemCode::AuthBusy).retry_after(BUSY_RETRY_AFTER_S);
            }
            AuthError::Invalid => ProblemCode::AuthInvalid,
            AuthError::RefreshInvalid => ProblemCode::RefreshInvalid,
            AuthError::SessionEnded => ProblemCode::SessionEnded,
            AuthError::NoSuchSession => ProblemCode::NotFound,
            AuthError::Token(TokenError::Expired) => ProblemCode::TokenExpired,
            AuthError::Token(TokenError::Invalid) => ProblemCode::TokenInvalid,
            AuthError::Token(TokenError::NotSigned(_))
            | AuthError::Hash(_)
            | AuthError::Panicked(_) => ProblemCode::Internal,
        };
        Self::because(code, error)
    }
}

/// The settings of authentication cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableSettings {
    #[error("the token secret is shorter than {0} bytes")]
    ShortSecret(usize),
    #[error("the argon2 parameters are out of range")]
    Argon2(#[source] HashError),
    #[error("lock_after must be at least 1")]
    LockAfter,
}
