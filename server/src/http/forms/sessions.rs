//! `POST /account/sessions/{id}/end`.

use super::back;
use crate::http::{Gateway, path_id::PathId, request_id::RequestId, session::SignedIn};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

pub(super) async fn end(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    PathId(session_id): PathId,
) -> Response {
    match gateway.auth.end_session(&who, &session_id).await {
        Ok(()) => Redirect::to("/account/sessions").into_response(),
        Err(problem) => back(&gateway, &request_id, "/account/sessions", problem),
    }
}
