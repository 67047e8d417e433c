//! `POST /account/sessions/{id}/end` and `POST /account/sessions/end-others`.

use super::{back, on};
use crate::http::{Gateway, path_id::PathId, request_id::RequestId, session::SignedIn};
use app::{links::of_line, model::LineId, page_request::Done, problem::ProblemCode};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use serde::Deserialize;

/// What the address of the form carries.
#[derive(Deserialize)]
pub(super) struct ComingFrom {
    /// The line that the list's links keep.
    line: Option<LineId>,
}

pub(super) async fn end(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    PathId(session_id): PathId,
    from: Result<Query<ComingFrom>, QueryRejection>,
) -> Response {
    let list = list(from);
    match gateway.auth.end_session(&who, &session_id).await {
        Ok(()) => on(&gateway, &list, Done::DeviceLoggedOut),
        // Pressed twice, or ended elsewhere meanwhile: the session has ended, as asked.
        Err(problem) if problem.code() == ProblemCode::NotFound => {
            on(&gateway, &list, Done::DeviceLoggedOut)
        }
        Err(problem) => back(&gateway, &request_id, &list, problem),
    }
}

pub(super) async fn end_others(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    from: Result<Query<ComingFrom>, QueryRejection>,
) -> Response {
    let list = list(from);
    match gateway.auth.end_other_sessions(&who).await {
        Ok(()) => on(&gateway, &list, Done::OthersLoggedOut),
        Err(problem) => back(&gateway, &request_id, &list, problem),
    }
}

/// Where the sessions are listed. The page keeps no line but the customer's own.
fn list(from: Result<Query<ComingFrom>, QueryRejection>) -> String {
    let line = from.ok().and_then(|Query(from)| from.line);
    of_line("/account/sessions", line.as_ref())
}
