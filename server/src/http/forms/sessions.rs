//! `POST /account/sessions/{id}/end` and `POST /account/sessions/end-others`.

use super::{back, on};
use crate::http::{Gateway, path_id::PathId, request_id::RequestId, session::SignedIn};
use app::{page_request::Done, problem::ProblemCode};
use axum::{extract::State, response::Response};

/// Where the sessions are listed.
const LIST: &str = "/account/sessions";

pub(super) async fn end(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    PathId(session_id): PathId,
) -> Response {
    match gateway.auth.end_session(&who, &session_id).await {
        Ok(()) => on(&gateway, LIST, Done::DeviceLoggedOut),
        // Pressed twice, or ended elsewhere meanwhile: the session has ended, as asked.
        Err(problem) if problem.code() == ProblemCode::NotFound => {
            on(&gateway, LIST, Done::DeviceLoggedOut)
        }
        Err(problem) => back(&gateway, &request_id, LIST, problem),
    }
}

pub(super) async fn end_others(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
) -> Response {
    match gateway.auth.end_other_sessions(&who).await {
        Ok(()) => on(&gateway, LIST, Done::OthersLoggedOut),
        Err(problem) => back(&gateway, &request_id, LIST, problem),
    }
}
