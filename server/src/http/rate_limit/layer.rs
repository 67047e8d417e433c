//! Where requests meet the limits.

use super::{
    fields,
    limiter::Answered,
    rules::{Ask, Limit},
};
use crate::http::{
    Gateway,
    client_ip::{Address, untrusted_proxy},
    problem_response::answer,
    session::Identity,
};
use app::{
    problem::{Problem, ProblemCode},
    ssr::LoginCommand,
};
use axum::response::Response;
use http::{Method, request::Parts};

/// The paths of logins.
const LOGINS: [&str; 2] = ["/login", "/api/v1/auth/login"];
/// The key of a limit with a single bucket.
const ONE: &str = "all";

/// Outermost: what this replica can refuse alone costs neither a token check nor Redis.
pub(in crate::http) fn shield(gateway: &Gateway, parts: &Parts) -> Result<(), Response> {
    if !gateway.rates.enabled() {
        return Ok(());
    }
    if let Some(peer) = untrusted_proxy(gateway, parts) {
        gateway.rates.ignores_proxy(peer);
    }
    match gateway.rates.shield(address(parts)) {
        Some(answered) if answered.wait.is_some() => Err(too_early(&answered)),
        _ => Ok(()),
    }
}

fn address(parts: &Parts) -> &str {
    parts.extensions.get().map_or("", Address::as_str)
}

/// The limit nearest to a request.
pub(in crate::http) struct Rates(Option<Answered>);

impl Rates {
    /// Writes it into the answer.
    pub(in crate::http) fn tell(&self, response: &mut Response) {
        if let Some(answered) = &self.0
            && !response.headers().contains_key("ratelimit")
        {
            fields::write(response.headers_mut(), answered);
        }
    }
}

/// Behind authentication: one question about the address, the session, everybody, and the limits of a
/// login.
pub(in crate::http) async fn enforce(gateway: &Gateway, parts: &Parts) -> Result<Rates, Response> {
    if !gateway.rates.enabled() {
        return Ok(Rates(None));
    }
    let path = parts.uri.path();
    let address = address(parts);
    let mut asks = vec![Ask::take(Limit::Address, address)];
    if let Some(Identity::SignedIn(principal)) = parts.extensions.get() {
        asks.push(Ask::take(Limit::Session, &principal.session_id));
    }
    asks.push(Ask::take(Limit::Everybody, ONE));
    if parts.method == Method::POST && LOGINS.contains(&path) {
        asks.push(Ask::take(Limit::AddressLogins, address));
        asks.push(Ask::look(Limit::AddressFailures, address));
    }
    match gateway.rates.ask(&asks).await {
        Some(answered) if answered.wait.is_some() => Err(too_early(&answered)),
        answered => Ok(Rates(answered.filter(|_| path.starts_with("/api/")))),
    }
}

/// In the login's handlers, once the id is known: limits the logins with one id from all addresses, and
/// apart from them those of a browser that has logged in with it.
///
/// # Errors
/// `RATE_LIMITED`, as a response.
pub(in crate::http) async fn login_attempt(
    gateway: &Gateway,
    login: &LoginCommand,
) -> Result<(), Response> {
    if !gateway.rates.enabled() {
        return Ok(());
    }
    let cookie = login.device_cookie.as_deref();
    let key = gateway.login_ids.key(&login.user_id, cookie);
    let asks = [Ask::take(Limit::IdLogins, key)];
    match gateway.rates.ask(&asks).await {
        Some(answered) if answered.wait.is_some() => Err(too_early(&answered)),
        _ => Ok(()),
    }
}

/// After a login that was refused for its password: counts against the address, and warns the operator of
/// too many from everywhere.
pub(in crate::http) async fn login_failed(gateway: &Gateway, address: &Address, why: &Problem) {
    let wrong = [ProblemCode::AuthInvalid, ProblemCode::AuthLocked].contains(&why.code());
    if !wrong || !gateway.rates.enabled() {
        return;
    }
    let failure = [Ask::take(Limit::AddressFailures, address.as_str())];
    gateway.rates.ask(&failure).await;
    let all = gateway
        .rates
        .ask(&[Ask::take(Limit::AllFailures, ONE)])
        .await;
    if all.is_some_and(|answered| answered.wait.is_some()) {
        tracing::warn!(event = "login_failures", "more wrong passwords than usual");
    }
}

fn too_early(answered: &Answered) -> Response {
    tracing::info!(limit = answered.limit.name(), "rate limited");
    let wait = answered.wait.unwrap_or_default();
    let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
    let problem = Problem::of(ProblemCode::RateLimited).with_retry_after(seconds.max(1));
    let mut response = answer(problem);
    fields::write(response.headers_mut(), answered);
    response
}
