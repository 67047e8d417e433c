//! The status of a server function's answer.

use super::server_context;
use crate::problem::Problem;
use http::{StatusCode, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::future::Future;

/// Runs the body of a server function and answers a problem with the problem's status.
///
/// The context is read before the first await. A page that calls the function while it is being
/// rendered keeps its own status: a failing card must not turn a page into an error.
pub async fn respond<T>(body: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let options = use_context::<ResponseOptions>();
    let is_call = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/rpc/"));
    let request_id = server_context()
        .map(|context| context.request_id)
        .unwrap_or_default();
    let result = body.await.map_err(|problem| problem.traced(&request_id));
    if let (Err(problem), Some(options), true) = (&result, options, is_call)
        && let Ok(status) = StatusCode::from_u16(problem.status())
    {
        options.set_status(status);
    }
    result
}
