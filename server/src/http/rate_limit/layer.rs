//! Where requests meet the limits.

use super::{
    fields,
    limiter::Answered,
    rules::{Ask, Limit},
};
use crate::http::{
    Gateway,
    client_ip::{client_ip, counted_as},
    problem_response::answer,
    session::Identity,
};
use app::{
    model::LoginId,
    problem::{Problem, ProblemCode},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::{Method, request::Parts};
use std::convert::Infallible;

/// Where passwords are tried.
const LOGINS: [&str; 2] = ["/login", "/api/v1/auth/login"];
/// A limit of which there is one bucket.
const ONE: &str = "all";

/// What the request is counted under, in its extensions.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Address(String);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Outermost: what one replica can refuse by itself costs neither a token's check nor Redis.
pub(in crate::http) async fn shield(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Response {
    if !gateway.rates.enabled() {
        return next.run(request).await;
    }
    let address = counted_as(client_ip(&request, &gateway.http.trusted_proxies)).to_string();
    match gateway.rates.shield(&address).await {
        Some(answered) if answered.wait.is_some() => too_early(&answered),
        _ => {
            request.extensions_mut().insert(Address(address));
            next.run(request).await
        }
    }
}

/// Behind authentication: one question for the address, the session, everybody, and for a login
/// what logins are held against.
pub(in crate::http) async fn enforce(
    State(gateway): State<Gateway>,
    address: Address,
    request: Request,
    next: Next,
) -> Response {
    if !gateway.rates.enabled() {
        return next.run(request).await;
    }
    let mut asks = vec![Ask::take(Limit::Address, &address.0)];
    if let Some(Identity::SignedIn(principal)) = request.extensions().get() {
        asks.push(Ask::take(Limit::Session, &principal.session_id));
    }
    asks.push(Ask::take(Limit::Everybody, ONE));
    if request.method() == Method::POST && LOGINS.contains(&request.uri().path()) {
        asks.push(Ask::take(Limit::AddressLogins, &address.0));
        asks.push(Ask::look(Limit::AddressFailures, &address.0));
    }
    let is_api = request.uri().path().starts_with("/api/");
    let Some(answered) = gateway.rates.ask(&asks).await else {
        return next.run(request).await;
    };
    if answered.wait.is_some() {
        return too_early(&answered);
    }
    let mut response = next.run(request).await;
    if is_api && !response.headers().contains_key("ratelimit") {
        fields::write(response.headers_mut(), &answered);
    }
    response
}

/// In the login's handlers, once the id is known: one id is tried only so often, from however many
/// addresses.
///
/// # Errors
/// `RATE_LIMITED`, as a response.
pub(in crate::http) async fn login_attempt(
    gateway: &Gateway,
    user_id: &LoginId,
) -> Result<(), Response> {
    if !gateway.rates.enabled() {
        return Ok(());
    }
    let asks = [Ask::take(Limit::IdLogins, gateway.login_ids.hash(user_id))];
    match gateway.rates.ask(&asks).await {
        Some(answered) if answered.wait.is_some() => Err(too_early(&answered)),
        _ => Ok(()),
    }
}

/// After a login that was refused for its password: the address gets slower, and too many from
/// everywhere are told to the operator.
pub(in crate::http) async fn login_failed(gateway: &Gateway, address: &Address, why: &Problem) {
    let wrong = [ProblemCode::AuthInvalid, ProblemCode::AuthLocked].contains(&why.code());
    if !wrong || !gateway.rates.enabled() {
        return;
    }
    let failure = [Ask::take(Limit::AddressFailures, &address.0)];
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
