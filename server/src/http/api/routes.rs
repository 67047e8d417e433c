//! Who may use an operation, and what it may answer but success.

use app::{
    model::Permission,
    problem::ProblemCode::{self, *},
    routes::Access,
};

/// One operation of the API.
pub(in crate::http) struct Route {
    pub(in crate::http) method: &'static str,
    pub(in crate::http) path: &'static str,
    pub(in crate::http) access: Access,
    /// The problems of this operation, beside those that its access, its method and the gateway
    /// bring (`openapi.rs` adds these).
    pub(super) problems: &'static [ProblemCode],
}

const BILL: Access = Access::Permitted(Permission::BillInquiry);
const PRODUCT: Access = Access::Permitted(Permission::ProductChange);

/// Every operation, and the document itself.
pub(in crate::http) const ROUTES: &[Route] = &[
    route("GET", "/api/openapi.json", Access::Public, &[]),
    route("GET", "/api/docs", Access::Public, &[]),
    route(
        "POST",
        "/api/v1/auth/login",
        Access::Public,
        &[ValidationFailed, AuthInvalid, AuthLocked, AuthBusy],
    ),
    route(
        "POST",
        "/api/v1/auth/refresh",
        Access::Public,
        &[ValidationFailed, RefreshInvalid],
    ),
    route("POST", "/api/v1/auth/logout", Access::SignedIn, &[]),
    route("GET", "/api/v1/auth/user-info", Access::SignedIn, &[]),
    route(
        "GET",
        "/api/v1/auth/check-permission/{service}",
        Access::SignedIn,
        &[PermissionDenied, NotFound],
    ),
    route("GET", "/api/v1/auth/sessions", Access::SignedIn, &[]),
    route(
        "DELETE",
        "/api/v1/auth/sessions/{sessionId}",
        Access::SignedIn,
        &[NotFound],
    ),
    route(
        "GET",
        "/api/v1/bill/menu",
        BILL,
        &[ValidationFailed, LineNotFound],
    ),
    route(
        "POST",
        "/api/v1/bill/inquiry",
        BILL,
        &[
            ValidationFailed,
            LineNotFound,
            BillNotFound,
            LineInactive,
            KosBadAnswer,
            KosUnavailable,
            KosTimeout,
        ],
    ),
    route(
        "GET",
        "/api/v1/bill/history",
        BILL,
        &[ValidationFailed, LineNotFound],
    ),
    route("GET", "/api/v1/product/menu", PRODUCT, KOS_INQUIRY),
    route("GET", "/api/v1/product/change", PRODUCT, KOS_INQUIRY),
    route(
        "POST",
        "/api/v1/product/check",
        PRODUCT,
        &[
            ValidationFailed,
            LineNotFound,
            CurrentProductChanged,
            KosBadAnswer,
            KosUnavailable,
            KosTimeout,
        ],
    ),
    route(
        "POST",
        "/api/v1/product/request",
        PRODUCT,
        &[
            IdempotencyKeyMissing,
            ValidationFailed,
            LineNotFound,
            PrecheckFailed,
            ChangeRejected,
            ChangeInProgress,
            CurrentProductChanged,
            IdempotencyKeyReused,
            KosBadAnswer,
            KosUnavailable,
            KosTimeout,
        ],
    ),
    route(
        "GET",
        "/api/v1/product/request/{requestId}",
        PRODUCT,
        &[NotFound],
    ),
    route(
        "GET",
        "/api/v1/product/history",
        PRODUCT,
        &[ValidationFailed, LineNotFound],
    ),
];

const KOS_INQUIRY: &[ProblemCode] = &[
    ValidationFailed,
    LineNotFound,
    LineInactive,
    KosBadAnswer,
    KosUnavailable,
    KosTimeout,
];

const fn route(
    method: &'static str,
    path: &'static str,
    access: Access,
    problems: &'static [ProblemCode],
) -> Route {
    Route {
        method,
        path,
        access,
        problems,
    }
}
