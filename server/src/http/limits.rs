//! What one request, and all of them together, may cost.

use super::{
    Gateway,
    problem_response::{answer, refuse},
};
use app::problem::{Problem, ProblemCode};
use axum::{
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Longest path and query, in bytes.
const URI_BYTES: usize = 4 << 10;

/// Longest header: names, values, and four bytes between and behind each.
const HEADER_BYTES: usize = 16 << 10;

/// Seconds after which an overloaded server may be asked again.
const RETRY_AFTER: u32 = 1;

/// Room for that many requests at once.
#[derive(Clone)]
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))))
    }

    /// `None` at the cap: what is inside stays quick because what comes beyond it is shed at once.
    pub(super) fn take(&self) -> Option<SemaphorePermit<'_>> {
        self.0.try_acquire().ok()
    }
}

/// Refuses a head that is too long before anything looks at it.
pub(super) fn head(request: &Request) -> Result<(), Response> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > URI_BYTES) {
        return Err(refuse(ProblemCode::UriTooLong));
    }
    // It names nothing, and file systems take it badly.
    if request.uri().path().contains("%00") {
        return Err(refuse(ProblemCode::NotFound));
    }
    let fields = request.headers().iter();
    let bytes: usize = fields
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes > HEADER_BYTES {
        return Err(refuse(ProblemCode::HeaderTooLarge));
    }
    Ok(())
}

/// Reads the whole body before anything looks at it: no handler ever meets one that is too long,
/// breaks off or drips.
pub(super) async fn body(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: Body,
) -> Result<Body, Response> {
    let limit = gateway.http.body_limit;
    if announced_length(headers).is_some_and(|length| length > limit) {
        return Err(refuse(ProblemCode::BodyTooLarge));
    }
    if body.is_end_stream() {
        return Ok(body);
    }
    // Boxed, or it would be moved along with all that waits for it.
    Box::pin(whole(body, limit, gateway.http.read_timeout)).await
}

async fn whole(body: Body, limit: usize, within: Duration) -> Result<Body, Response> {
    match timeout(within, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(Body::from(body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(refuse(ProblemCode::BodyTooLarge)),
        Ok(Err(_)) => Err(refuse(ProblemCode::ValidationFailed)),
        Err(_) => Err(refuse(ProblemCode::RequestTimeout)),
    }
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Another moment may be better.
pub(super) fn busy() -> Response {
    answer(Problem::of(ProblemCode::Unavailable).with_retry_after(RETRY_AFTER))
}
