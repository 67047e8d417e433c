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

/// Longest header section: names, values, and four bytes of separators for each field.
const HEADER_BYTES: usize = 16 << 10;

/// `Retry-After` of an overloaded server, in seconds.
const RETRY_AFTER: u32 = 1;

/// The requests that may be in flight at once.
#[derive(Clone)]
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))))
    }

    /// `None` at the cap: admitted requests stay quick because the rest are shed at once.
    pub(super) fn take(&self) -> Option<SemaphorePermit<'_>> {
        self.0.try_acquire().ok()
    }

    /// Whether [`Self::take`] would find none at the moment.
    pub(super) fn are_taken(&self) -> bool {
        self.0.available_permits() == 0
    }
}

/// Refuses a head that is too long before anything looks at it.
pub(super) fn head(request: &Request) -> Result<(), Response> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > URI_BYTES) {
        return Err(refuse(ProblemCode::UriTooLong));
    }
    // No resource has a NUL in its path, and file systems reject it.
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

/// Reads the whole body first: no handler meets one that is too long, incomplete or slow.
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
    // Boxed, so that every waiting future stays small.
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

/// 503 with `Retry-After`.
pub(super) fn busy() -> Response {
    answer(Problem::of(ProblemCode::Unavailable).with_retry_after(RETRY_AFTER))
}
