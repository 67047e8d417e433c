//! Authentication of a request: a bearer token, or the browser's cookies.

use super::{
    Gateway,
    cookies::Cookies,
    device::device,
    problem_response::{answer, refuse},
};
use app::{
    model::Principal,
    problem::{Problem, ProblemCode},
    ssr::TokenPair,
};
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, header, request::Parts};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use tracing::{Instrument, field::display};

/// The result of checking a request's credentials, in its extensions.
#[derive(Clone)]
pub(super) enum Identity {
    Anonymous,
    SignedIn(Arc<Principal>),
    /// Invalid credentials, and why.
    Refused(Problem),
}

/// The signed-in customer; an extractor for handlers behind the access table.
pub(super) struct SignedIn(pub(super) Arc<Principal>);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.extensions.get::<Identity>() {
            Some(Identity::SignedIn(principal)) => Ok(Self(principal.clone())),
            Some(Identity::Refused(problem)) => Err(answer(problem.clone())),
            _ => Err(refuse(ProblemCode::TokenMissing)),
        }
    }
}

/// Refreshes on behalf of browsers: single flight per refresh token and browser, remembered for 30 s,
/// because all tabs of a browser present the same token when it is due. The same token from another
/// browser is judged on its own.
#[derive(Clone)]
pub(super) struct BrowserRefresh(Arc<Cache<[u8; 32], TokenPair>>);

impl Default for BrowserRefresh {
    fn default() -> Self {
        let remembered = Duration::from_secs(30);
        let cache = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(remembered);
        Self(Arc::new(cache.build()))
    }
}

impl BrowserRefresh {
    /// Runs as a task: if the tab were closed in between, the next one would spend the same token again,
    /// which ends the session.
    async fn refresh(
        &self,
        gateway: &Gateway,
        token: String,
        browser: String,
    ) -> Result<TokenPair, Problem> {
        let (auth, refreshes) = (gateway.auth.clone(), self.0.clone());
        let refresh = async move {
            let key = Sha256::new().chain_update(&token).chain_update([0]);
            let key = key.chain_update(&browser).finalize().into();
            let refresh = auth.refresh(&token, Some(&browser));
            let refreshed = refreshes.try_get_with(key, refresh).await;
            refreshed.map_err(|problem: Arc<Problem>| (*problem).clone())
        };
        match tokio::spawn(refresh.in_current_span()).await {
            Ok(result) => result,
            Err(_) => Err(Problem::of(ProblemCode::Internal)),
        }
    }
}

/// The authentication of one request.
pub(super) struct Session {
    identity: Identity,
    /// For a browser whose access token has expired, or was signed with a dropped key.
    renewed: Option<TokenPair>,
}

/// Authenticates the request and leaves an [`Identity`] in its extensions.
pub(super) async fn authenticate(
    gateway: &Gateway,
    refreshes: &BrowserRefresh,
    parts: &mut Parts,
) -> Session {
    let cookies = gateway.cookies();
    let (identity, renewed) = match bearer(&parts.headers) {
        Some(token) => (identity(gateway.auth.authenticate(token).await), None),
        // Boxed, so that a program's call does not carry the size of a page's future.
        None => Box::pin(from_cookies(gateway, refreshes, cookies, &parts.headers)).await,
    };
    if let Identity::SignedIn(principal) = &identity {
        tracing::Span::current().record("account", display(&principal.account_id));
    }
    parts.extensions.insert(identity.clone());
    Session { identity, renewed }
}

impl Session {
    /// Sets the browser's new pair, and leaves the identity for the page of a problem.
    pub(super) async fn tell(self, gateway: &Gateway, response: &mut Response) {
        if response.extensions().get::<Problem>().is_some() {
            response.extensions_mut().insert(self.identity);
        }
        if let Some(tokens) = self.renewed {
            Box::pin(hand_over(gateway, &tokens, response)).await;
        }
    }
}

async fn hand_over(gateway: &Gateway, tokens: &TokenPair, response: &mut Response) {
    let cookies = gateway.cookies();
    // A logout or login in this very request decides about the session. Other cookies, such as the flash
    // of a failed form, do not: without its new pair the browser would return with a spent token.
    if cookies.decide_session(response.headers()) {
        return;
    }
    // Meanwhile another tab may have presented the same old token to another replica and received a pair
    // that replaces this one. If this one arrived last, the browser would keep an unusable token. If that
    // cannot be checked, the pair is set.
    let replaced = matches!(
        gateway.auth.can_refresh(&tokens.refresh_token).await,
        Ok(false)
    );
    if !replaced {
        cookies.set_session(response.headers_mut(), tokens);
    }
}

async fn from_cookies(
    gateway: &Gateway,
    refreshes: &BrowserRefresh,
    cookies: Cookies,
    headers: &HeaderMap,
) -> (Identity, Option<TokenPair>) {
    let refused = match cookies.access(headers) {
        Some(token) => match gateway.auth.authenticate(&token).await {
            Ok(principal) => return (Identity::SignedIn(principal), None),
            Err(problem) if worth_a_refresh(&problem) => Some(problem),
            Err(problem) => return (Identity::Refused(problem), None),
        },
        None => None,
    };
    let Some(token) = cookies.refresh(headers) else {
        return (refused.map_or(Identity::Anonymous, Identity::Refused), None);
    };
    match refreshes.refresh(gateway, token, device(headers)).await {
        Ok(tokens) => {
            let who = gateway.auth.authenticate(&tokens.access_token).await;
            (identity(who), Some(tokens))
        }
        Err(problem) => (Identity::Refused(problem), None),
    }
}

/// Whether only the access token is at fault, so that the refresh token may still be valid. That is no
/// JWT: a key dropped in an emergency invalidates access tokens only (docs/adr/0017).
fn worth_a_refresh(problem: &Problem) -> bool {
    use ProblemCode::{TokenExpired, TokenInvalid};
    matches!(problem.code(), TokenExpired | TokenInvalid)
}

fn identity(result: Result<Arc<Principal>, Problem>) -> Identity {
    result.map_or_else(Identity::Refused, Identity::SignedIn)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
