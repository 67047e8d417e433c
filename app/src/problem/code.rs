//! Every problem there is: its stable name, its status, whether trying again can help.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stable name for one kind of problem. Clients switch on it; it never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
    // what the caller sent
    ValidationFailed,
    CsrfRejected,
    NotFound,
    MethodNotAllowed,
    BodyTooLarge,
    UriTooLong,
    HeaderTooLarge,
    UnsupportedMediaType,
    RequestTimeout,
    RateLimited,
    // who the caller is
    AuthInvalid,
    AuthLocked,
    AuthBusy,
    RefreshInvalid,
    TokenMissing,
    TokenExpired,
    TokenInvalid,
    SessionEnded,
    PermissionDenied,
    // bill inquiry
    LineNotFound,
    BillNotFound,
    LineInactive,
    // product change
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    PrecheckFailed,
    ChangeRejected,
    ChangeInProgress,
    CurrentProductChanged,
    // what the service depends on
    KosBadAnswer,
    KosUnavailable,
    KosTimeout,
    Unavailable,
    Internal,
    /// Made by the browser only: the server could not be reached.
    Network,
}

impl ProblemCode {
    /// Every code, for tables and tests.
    pub const ALL: [Self; 34] = [
        Self::ValidationFailed,
        Self::CsrfRejected,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::BodyTooLarge,
        Self::UriTooLong,
        Self::HeaderTooLarge,
        Self::UnsupportedMediaType,
        Self::RequestTimeout,
        Self::RateLimited,
        Self::AuthInvalid,
        Self::AuthLocked,
        Self::AuthBusy,
        Self::RefreshInvalid,
        Self::TokenMissing,
        Self::TokenExpired,
        Self::TokenInvalid,
        Self::SessionEnded,
        Self::PermissionDenied,
        Self::LineNotFound,
        Self::BillNotFound,
        Self::LineInactive,
        Self::IdempotencyKeyMissing,
        Self::IdempotencyKeyReused,
        Self::PrecheckFailed,
        Self::ChangeRejected,
        Self::ChangeInProgress,
        Self::CurrentProductChanged,
        Self::KosBadAnswer,
        Self::KosUnavailable,
        Self::KosTimeout,
        Self::Unavailable,
        Self::Internal,
        Self::Network,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ValidationFailed => "VALIDATION_FAILED",
            Self::CsrfRejected => "CSRF_REJECTED",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::BodyTooLarge => "BODY_TOO_LARGE",
            Self::UriTooLong => "URI_TOO_LONG",
            Self::HeaderTooLarge => "HEADER_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::AuthInvalid => "AUTH_INVALID",
            Self::AuthLocked => "AUTH_LOCKED",
            Self::AuthBusy => "AUTH_BUSY",
            Self::RefreshInvalid => "REFRESH_INVALID",
            Self::TokenMissing => "TOKEN_MISSING",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokenInvalid => "TOKEN_INVALID",
            Self::SessionEnded => "SESSION_ENDED",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::LineNotFound => "LINE_NOT_FOUND",
            Self::BillNotFound => "BILL_NOT_FOUND",
            Self::LineInactive => "LINE_INACTIVE",
            Self::IdempotencyKeyMissing => "IDEMPOTENCY_KEY_MISSING",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::PrecheckFailed => "PRECHECK_FAILED",
            Self::ChangeRejected => "CHANGE_REJECTED",
            Self::ChangeInProgress => "CHANGE_IN_PROGRESS",
            Self::CurrentProductChanged => "CURRENT_PRODUCT_CHANGED",
            Self::KosBadAnswer => "KOS_BAD_ANSWER",
            Self::KosUnavailable => "KOS_UNAVAILABLE",
            Self::KosTimeout => "KOS_TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::Network => "NETWORK",
        }
    }

    /// The code of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The HTTP status (`docs/PROBLEMS.md` says who does what about each).
    pub fn status(self) -> u16 {
        match self {
            Self::ValidationFailed | Self::IdempotencyKeyMissing => 400,
            Self::AuthInvalid
            | Self::AuthLocked
            | Self::RefreshInvalid
            | Self::TokenMissing
            | Self::TokenExpired
            | Self::TokenInvalid
            | Self::SessionEnded => 401,
            Self::CsrfRejected | Self::PermissionDenied => 403,
            Self::NotFound | Self::LineNotFound | Self::BillNotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::RequestTimeout => 408,
            Self::LineInactive
            | Self::PrecheckFailed
            | Self::ChangeRejected
            | Self::ChangeInProgress
            | Self::CurrentProductChanged => 409,
            Self::BodyTooLarge => 413,
            Self::UriTooLong => 414,
            Self::UnsupportedMediaType => 415,
            Self::IdempotencyKeyReused => 422,
            Self::RateLimited => 429,
            Self::HeaderTooLarge => 431,
            Self::Internal => 500,
            Self::KosBadAnswer => 502,
            Self::AuthBusy | Self::KosUnavailable | Self::Unavailable | Self::Network => 503,
            Self::KosTimeout => 504,
        }
    }

    /// Whether the same request may succeed later without the customer changing anything.
    pub fn retryable(self) -> bool {
        matches!(
            self,
            Self::AuthBusy
                | Self::RequestTimeout
                | Self::RateLimited
                | Self::KosBadAnswer
                | Self::KosUnavailable
                | Self::KosTimeout
                | Self::Unavailable
                | Self::Internal
                | Self::Network
        )
    }
}

#[cfg(test)]
mod tests {
    use super::ProblemCode;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_equal_to_the_serialised_form() {
        let mut seen = HashSet::new();
        for code in ProblemCode::ALL {
            assert!(seen.insert(code.as_str()));
            assert_eq!(
                serde_json::to_string(&code).unwrap(),
                format!("{:?}", code.as_str())
            );
            assert!((400..=504).contains(&code.status()));
        }
    }
}
