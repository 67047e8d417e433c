//! Who is asking: a bearer token, or the browser's cookies.

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

/// The result of looking at a request's credentials, in its extensions.
#[derive(Clone)]
pub(super) enum Identity {
    Anonymous,
    SignedIn(Arc<Principal>),
    /// Credentials that do not hold, and why.
    Refused(Problem),
}

/// The signed-in customer, for handlers behind the access table.
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

/// Refreshes made for browsers: single flight per refresh token and browser, remembered shortly,
/// because the tabs of one browser all present the same token when it is due. Whoever presents it
/// from elsewhere is judged.
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
    /// Runs as a task: were a tab closed in between, the next one would spend the same token again,
    /// and a token spent twice ends the session.
    async fn refresh(
        &self,
        gateway: &Gateway,
        token: String,
        browser: String,
    ) -> Result<TokenPair, Problem> {
        let (auth, refreshes) = (gateway.auth.clone(), self.0.clone());
        let refresh = tokio::spawn(async move {
            let key = Sha256::new().chain_update(&token).chain_update([0]);
            let key = key.chain_update(&browser).finalize().into();
            let refresh = auth.refresh(&token, Some(&browser));
            let refreshed = refreshes.try_get_with(key, refresh).await;
            refreshed.map_err(|problem: Arc<Problem>| (*problem).clone())
        });
        match refresh.await {
            Ok(result) => result,
            Err(_) => Err(Problem::of(ProblemCode::Internal)),
        }
    }
}

/// What is known of who asks.
pub(super) struct Session {
    identity: Identity,
    /// For a browser whose access token has run out, or is of a key that was dropped.
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
        // Boxed: what a page needs is not carried by every call of a program.
        None => Box::pin(from_cookies(gateway, refreshes, cookies, &parts.headers)).await,
    };
    parts.extensions.insert(identity.clone());
    Session { identity, renewed }
}

impl Session {
    /// Gives the browser its new pair; and the page of a problem greets whom it greets.
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
    // A logout or login on this very request has the last word about the session. Other cookies,
    // such as the flash of a failed form, say nothing of it: without its new pair the browser would
    // come back with a token that is spent.
    if cookies.decide_session(response.headers()) {
        return;
    }
    // While this request was answered, or its pair remembered, another tab may have come to another
    // replica with the same old token, and got another pair in place of this one. Were this one to
    // arrive last, the browser would be left with a dead token. Where nobody can say, it is given.
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

/// Whether only the access token is at fault, so that the refresh token may still hold. It is no JWT:
/// a key that is dropped in an emergency takes the access tokens alone (docs/adr/0017).
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
