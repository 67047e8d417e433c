//! The problem codes: stable name, status, and whether the same request may succeed later.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One row per problem, so that none can lack a name, a status or a retry rule.
macro_rules! problems {
    ($($(#[$comment:meta])* $variant:ident $name:literal $status:literal $retry:ident;)*) => {
        /// A stable name for one kind of problem. Clients switch on it; it never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ProblemCode {
            $($(#[$comment])* $variant,)*
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The HTTP status; `docs/PROBLEMS.md` says what clients and operators do about each.
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                }
            }

            /// Whether the same request may succeed later without the customer changing anything.
            pub fn retryable(self) -> bool {
                match self {
                    $(Self::$variant => Retry::$retry.may_help(),)*
                }
            }
        }
    };
}

enum Retry {
    Later,
    Never,
}

impl Retry {
    const fn may_help(self) -> bool {
        matches!(self, Self::Later)
    }
}

problems! {
    // what the caller sent
    ValidationFailed      "VALIDATION_FAILED"       400 Never;
    CsrfRejected          "CSRF_REJECTED"           403 Never;
    NotFound              "NOT_FOUND"               404 Never;
    MethodNotAllowed      "METHOD_NOT_ALLOWED"      405 Never;
    BodyTooLarge          "BODY_TOO_LARGE"          413 Never;
    UriTooLong            "URI_TOO_LONG"            414 Never;
    HeaderTooLarge        "HEADER_TOO_LARGE"        431 Never;
    UnsupportedMediaType  "UNSUPPORTED_MEDIA_TYPE"  415 Never;
    RequestTimeout        "REQUEST_TIMEOUT"         408 Later;
    RateLimited           "RATE_LIMITED"            429 Later;
    // who the caller is
    AuthInvalid           "AUTH_INVALID"            401 Never;
    AuthLocked            "AUTH_LOCKED"             401 Never;
    AuthBusy              "AUTH_BUSY"               503 Later;
    RefreshInvalid        "REFRESH_INVALID"         401 Never;
    TokenMissing          "TOKEN_MISSING"           401 Never;
    TokenExpired          "TOKEN_EXPIRED"           401 Never;
    TokenInvalid          "TOKEN_INVALID"           401 Never;
    SessionEnded          "SESSION_ENDED"           401 Never;
    PermissionDenied      "PERMISSION_DENIED"       403 Never;
    // bill inquiry
    LineNotFound          "LINE_NOT_FOUND"          404 Never;
    BillNotFound          "BILL_NOT_FOUND"          404 Never;
    LineInactive          "LINE_INACTIVE"           409 Never;
    // product change
    IdempotencyKeyMissing "IDEMPOTENCY_KEY_MISSING" 400 Never;
    IdempotencyKeyReused  "IDEMPOTENCY_KEY_REUSED"  422 Never;
    PrecheckFailed        "PRECHECK_FAILED"         409 Never;
    ChangeRejected        "CHANGE_REJECTED"         409 Never;
    ChangeInProgress      "CHANGE_IN_PROGRESS"      409 Never;
    CurrentProductChanged "CURRENT_PRODUCT_CHANGED" 409 Never;
    // what the service depends on
    KosBadAnswer          "KOS_BAD_ANSWER"          502 Later;
    KosUnavailable        "KOS_UNAVAILABLE"         503 Later;
    KosTimeout            "KOS_TIMEOUT"             504 Later;
    Unavailable           "UNAVAILABLE"             503 Later;
    Internal              "INTERNAL"                500 Later;
    /// Made by the browser only: the server could not be reached.
    Network               "NETWORK"                 503 Later;
}

impl ProblemCode {
    /// The code of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
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
