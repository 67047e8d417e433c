//! The checks before a page, a form or the API: the cheapest and most selective come first.
//!
//! The stages are plain functions of their own modules, called here in order: a tower layer for each
//! would clone and box everything inside it for every request.

use super::{
    Gateway, access, csrf,
    limits::{self, Places},
    panic,
    problem_response::turned_away,
    rate_limit, rpc,
    session::{self, BrowserRefresh},
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use http::request::Parts;
use tokio::time::timeout;

/// What the stages need; cheap to clone.
#[derive(Clone)]
pub(super) struct Admission {
    gateway: Gateway,
    places: Places,
    refreshes: BrowserRefresh,
}

impl Admission {
    pub(super) fn new(gateway: Gateway) -> Self {
        Self {
            places: Places::new(gateway.http.max_in_flight),
            refreshes: BrowserRefresh::default(),
            gateway,
        }
    }
}

/// Sheds requests beyond the cap, and answers for one that takes too long. Work that must finish runs on
/// in its own task.
pub(super) async fn admit(
    State(admission): State<Admission>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match admission.shielded(parts, body, next).await {
        Ok(response) | Err(response) => response,
    }
}

fn late() -> Response {
    tracing::warn!("a request was not answered in time");
    limits::busy()
}

impl Admission {
    /// Refuses what can be refused without authentication. A place is taken once the whole request is here,
    /// so that bodies that do not come keep nobody out.
    async fn shielded(&self, parts: Parts, body: Body, next: Next) -> Result<Response, Response> {
        let fits = *self.gateway.schema_fits.borrow();
        if !fits {
            return Err(turned_away(limits::busy()));
        }
        rate_limit::shield(&self.gateway, &parts).map_err(turned_away)?;
        csrf::guard(&self.gateway, &parts)?;
        // Shed at once; and again once the body is here.
        if self.places.are_taken() {
            return Err(turned_away(limits::busy()));
        }
        let body = limits::body(&self.gateway, &parts.headers, body).await;
        let Some(_place) = self.places.take() else {
            return Err(turned_away(limits::busy()));
        };
        self.timed(parts, body, next).await
    }

    /// Answers within the time limit.
    async fn timed(
        &self,
        mut parts: Parts,
        body: Result<Body, Response>,
        next: Next,
    ) -> Result<Response, Response> {
        let clock = &self.gateway.clock;
        let (began, within) = (clock.monotonic(), self.gateway.http.request_timeout);
        // One deadline in two parts. A request that is late after authentication still receives its new
        // pair, because its token is spent. One that is late before has no pair yet: the refresh goes on
        // in its task, and the next request, with the same token, receives the result.
        let authenticated = session::authenticate(&self.gateway, &self.refreshes, &mut parts);
        let session = timeout(within, authenticated).await.map_err(|_| late())?;
        let left = within.saturating_sub(clock.monotonic().saturating_sub(began));
        let answer = self.limited(parts, body, next);
        // The answer to a panic carries the new pair too.
        let answer = panic::caught(answer.map(|answer| answer.unwrap_or_else(|refusal| refusal)));
        let answer = timeout(left, answer).await;
        let mut response = answer.unwrap_or_else(|_| late());
        session.tell(&self.gateway, &mut response).await;
        Ok(response)
    }

    async fn limited(
        &self,
        parts: Parts,
        body: Result<Body, Response>,
        next: Next,
    ) -> Result<Response, Response> {
        // Told by now whose request it is: the page of a signed-in customer stays one.
        let body = body?;
        let rates = rate_limit::enforce(&self.gateway, &parts).await?;
        let answer = self.permitted(parts, body, next).await;
        let mut response = answer.unwrap_or_else(|refusal| refusal);
        rates.tell(&mut response);
        Ok(response)
    }

    async fn permitted(
        &self,
        mut parts: Parts,
        body: Body,
        next: Next,
    ) -> Result<Response, Response> {
        access::enforce(&self.gateway, &parts)?;
        let is_rpc = rpc::accept(&mut parts)?;
        let response = next.run(Request::from_parts(parts, body)).await;
        if is_rpc {
            Ok(rpc::with_problem(response).await)
        } else {
            Ok(response)
        }
    }
}
