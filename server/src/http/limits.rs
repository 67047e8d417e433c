//! What one request, and all of them together, may cost.

use super::{
    Gateway,
    problem_response::{answer, refuse},
};
use app::problem::{Problem, ProblemCode};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::sync::Arc;
use tokio::{sync::Semaphore, time::timeout};

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
}

/// Refuses a head that is too long before anything looks at it.
pub(super) async fn head(request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > URI_BYTES) {
        return refuse(ProblemCode::UriTooLong);
    }
    // It names nothing, and file systems take it badly.
    if request.uri().path().contains("%00") {
        return refuse(ProblemCode::NotFound);
    }
    let fields = request.headers().iter();
    let bytes: usize = fields
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes > HEADER_BYTES {
        return refuse(ProblemCode::HeaderTooLarge);
    }
    next.run(request).await
}

/// Sheds what comes beyond the cap at once, so that what is inside stays quick.
pub(super) async fn in_flight(
    State(places): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    match places.0.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => busy(),
    }
}

/// Answers for a request that takes too long. Work that must finish runs in tasks of its own and
/// goes on.
pub(super) async fn time(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    match timeout(gateway.http.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("a request was not answered in time");
            busy()
        }
    }
}

/// Reads the whole body before anything looks at it: no handler ever meets one that is too long,
/// breaks off or drips.
pub(super) async fn body(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    let limit = gateway.http.body_limit;
    if announced_length(request.headers()).is_some_and(|length| length > limit) {
        return refuse(ProblemCode::BodyTooLarge);
    }
    let (parts, body) = request.into_parts();
    let body = match timeout(
        gateway.http.read_timeout,
        Limited::new(body, limit).collect(),
    )
    .await
    {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return refuse(ProblemCode::BodyTooLarge);
        }
        Ok(Err(_)) => return refuse(ProblemCode::ValidationFailed),
        Err(_) => return refuse(ProblemCode::RequestTimeout),
    };
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn busy() -> Response {
    answer(Problem::of(ProblemCode::Unavailable).with_retry_after(RETRY_AFTER))
}
