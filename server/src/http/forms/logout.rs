//! `POST /logout`.

use crate::http::{Gateway, session::Identity};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderName, HeaderValue};

/// Ends the session and makes the browser forget it, back-forward cache included.
pub(super) async fn submit(
    State(gateway): State<Gateway>,
    Extension(identity): Extension<Identity>,
) -> Response {
    if let Identity::SignedIn(principal) = identity
        && let Err(problem) = gateway.auth.logout(&principal).await
    {
        // Saying "logged out" while the session lives would be a lie.
        return crate::http::problem_response::answer(problem);
    }
    let mut response = Redirect::to("/login").into_response();
    let headers = response.headers_mut();
    gateway.cookies().clear_session(headers);
    let forget =
        HeaderValue::from_static("\"cache\", \"storage\", \"prefetchCache\", \"prerenderCache\"");
    headers.insert(HeaderName::from_static("clear-site-data"), forget);
    response
}
