//! Logging in and out, and who somebody is.

use super::strict_json::StrictJson;
use crate::http::{
    Gateway,
    client_ip::Address,
    credentials::Credentials,
    device::device,
    path_id::PathId,
    problem_response::{Refusal, answer},
    rate_limit,
    session::SignedIn,
};
use app::{
    model::{Page, Permission, SessionInfo, UserInfo},
    problem::{Problem, ProblemCode},
    ssr::{LoginOutcome, TokenPair},
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a login takes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LoginBody {
    #[schema(required, value_type = String, pattern = "^[A-Za-z0-9_-]{3,20}$")]
    user_id: Option<String>,
    #[schema(required, value_type = String, min_length = 8, max_length = 128)]
    password: Option<String>,
    /// Keep the session for 24 hours.
    #[serde(default)]
    auto_login: bool,
}

/// An access token with its refresh token; lives are in seconds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenAnswer {
    access_token: String,
    #[schema(value_type = String, pattern = "^Bearer$")]
    token_type: &'static str,
    expires_in: u32,
    refresh_token: String,
    refresh_expires_in: u32,
}

/// The tokens and whose they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginAnswer {
    #[serde(flatten)]
    tokens: TokenAnswer,
    user: UserInfo,
}

/// What a refresh takes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RefreshBody {
    refresh_token: String,
}

/// A permission the customer has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PermissionAnswer {
    service: Permission,
    /// Always `true`: the absence is a 403.
    granted: bool,
}

impl From<TokenPair> for TokenAnswer {
    fn from(tokens: TokenPair) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            refresh_expires_in: tokens.refresh_expires_in,
        }
    }
}

/// Log in. The fifth wrong password in a row locks the id for 30 minutes, known or not.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = LoginBody,
    responses((status = 200, description = "Logged in", body = LoginAnswer)))]
pub(super) async fn login(
    State(gateway): State<Gateway>,
    address: Address,
    headers: HeaderMap,
    StrictJson(body): StrictJson<LoginBody>,
) -> Result<Json<LoginAnswer>, Response> {
    let credentials = Credentials {
        user_id: body.user_id.as_deref().unwrap_or_default(),
        password: body.password.as_deref().unwrap_or_default(),
        auto_login: body.auto_login,
        device_cookie: None,
    };
    let command = credentials
        .command(device(&headers))
        .map_err(|fields| answer(Problem::validation(fields)))?;
    rate_limit::login_attempt(&gateway, &command).await?;
    let LoginOutcome {
        tokens, principal, ..
    } = match gateway.auth.login(command).await {
        Ok(outcome) => outcome,
        Err(problem) => {
            rate_limit::login_failed(&gateway, &address, &problem).await;
            return Err(answer(problem));
        }
    };
    Ok(Json(LoginAnswer {
        tokens: tokens.into(),
        user: principal.user,
    }))
}

/// Exchange a refresh token for a new pair; the old one is spent.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshBody,
    responses((status = 200, description = "A new pair", body = TokenAnswer)))]
pub(super) async fn refresh(
    State(gateway): State<Gateway>,
    StrictJson(body): StrictJson<RefreshBody>,
) -> Result<Json<TokenAnswer>, Refusal> {
    let tokens = gateway.auth.refresh(&body.refresh_token, None).await?;
    Ok(Json(tokens.into()))
}

/// End this session: its tokens are dead on every replica within a second.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth",
    responses((status = 204, description = "Logged out")))]
pub(super) async fn logout(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    gateway.auth.logout(&who).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookies = gateway.cookies();
    if cookies.any(&headers) {
        cookies.clear_session(response.headers_mut());
    }
    Ok(response)
}

/// The signed-in customer.
#[utoipa::path(get, path = "/api/v1/auth/user-info", tag = "auth",
    responses((status = 200, description = "The customer", body = UserInfo)))]
pub(super) async fn user_info(SignedIn(who): SignedIn) -> Json<UserInfo> {
    Json(who.user.clone())
}

/// Whether the customer may use a service.
#[utoipa::path(get, path = "/api/v1/auth/check-permission/{service}", tag = "auth",
    params(("service" = Permission, Path, description = "The service")),
    responses((status = 200, description = "Granted", body = PermissionAnswer)))]
pub(super) async fn check_permission(
    SignedIn(who): SignedIn,
    PathId(service): PathId,
) -> Result<Json<PermissionAnswer>, Refusal> {
    let service: Permission = service.parse().map_err(|_| ProblemCode::NotFound)?;
    if who.user.may(service) {
        Ok(Json(PermissionAnswer {
            service,
            granted: true,
        }))
    } else {
        Err(ProblemCode::PermissionDenied.into())
    }
}

/// The customer's live sessions, newest first; they fit into one page.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth",
    responses((status = 200, description = "The sessions", body = Page<SessionInfo>)))]
pub(super) async fn sessions(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
) -> Result<Json<Page<SessionInfo>>, Refusal> {
    let items = gateway.auth.sessions(&who).await?;
    Ok(Json(Page {
        items,
        next_cursor: None,
    }))
}

/// End one of the customer's own sessions.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{sessionId}", tag = "auth",
    params(("sessionId" = String, Path, description = "The session")),
    responses((status = 204, description = "Ended")))]
pub(super) async fn end_session(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    PathId(session_id): PathId,
) -> Result<StatusCode, Refusal> {
    gateway.auth.end_session(&who, &session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
