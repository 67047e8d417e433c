//! `POST /account/sessions/{id}/end`.

use super::{back, on};
use crate::http::{Gateway, path_id::PathId, request_id::RequestId, session::SignedIn};
use app::{page_request::Done, problem::ProblemCode};
use axum::{extract::State, response::Response};

pub(super) async fn end(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    PathId(session_id): PathId,
) -> Response {
    let list = "/account/sessions";
    match gateway.auth.end_session(&who, &session_id).await {
        Ok(()) => on(&gateway, list, Done::DeviceLoggedOut),
        // Pressed twice, or ended elsewhere meanwhile: the session has ended, as asked.
        Err(problem) if problem.code() == ProblemCode::NotFound => {
            on(&gateway, list, Done::DeviceLoggedOut)
        }
        Err(problem) => back(&gateway, &request_id, list, problem),
    }
}
