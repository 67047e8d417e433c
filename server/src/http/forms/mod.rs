//! Plain form posts: the product works before, and without, WASM.
//!
//! Each calls one port and answers 303. A problem is left in the flash cookie and shown, with what was
//! typed, by the page the customer comes from; so is a success that the next page would not show.

mod change;
mod language;
mod login;
mod logout;
mod sessions;

use super::{Gateway, flash, request_id::RequestId};
use app::{
    page_request::{Done, Entered, Flash, Refused},
    problem::Problem,
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

/// The routes of all forms.
pub(super) fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/login", post(login::submit))
        .route("/logout", post(logout::submit))
        .route("/lang", post(language::submit))
        .route("/product/request", post(change::submit))
        .route("/account/sessions/{id}/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
        .with_state(gateway)
}

/// Back to `path` with the problem in the flash.
fn back(gateway: &Gateway, request_id: &RequestId, path: &str, problem: Problem) -> Response {
    back_with(gateway, request_id, path, problem, Entered::default())
}

/// The same, with what was entered.
fn back_with(
    gateway: &Gateway,
    request_id: &RequestId,
    path: &str,
    problem: Problem,
    entered: Entered,
) -> Response {
    let refused = Refused {
        problem: problem.traced(&request_id.0),
        entered,
        not_done: false,
    };
    leaving(gateway, path, &Flash::Refused(Box::new(refused)))
}

/// Redirects to `path`, which shows what was done.
fn on(gateway: &Gateway, path: &str, done: Done) -> Response {
    leaving(gateway, path, &Flash::Done(done))
}

fn leaving(gateway: &Gateway, path: &str, flash: &Flash) -> Response {
    let left = flash::encode(flash);
    let mut response = Redirect::to(path).into_response();
    gateway
        .cookies()
        .set_flash(response.headers_mut(), &left, flash::LIVES);
    response
}
