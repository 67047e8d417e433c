//! `POST /logout`.

use super::{back, on};
use crate::http::{Gateway, request_id::RequestId, session::Identity};
use app::{page_request::Done, problem::Problem};
use axum::{Extension, extract::State, response::Response};
use http::{HeaderName, HeaderValue, StatusCode};

/// Ends the session and makes the browser forget it, back-forward cache included.
pub(super) async fn submit(
    State(gateway): State<Gateway>,
    request_id: RequestId,
    Extension(identity): Extension<Identity>,
) -> Response {
    if let Err(problem) = end(&gateway, identity).await {
        // "Logged out" would be untrue while the session lives. The list of sessions shows it, and can
        // end it later.
        return back(&gateway, &request_id, "/account/sessions", problem);
    }
    let mut response = on(&gateway, "/login", Done::LoggedOut);
    let headers = response.headers_mut();
    gateway.cookies().clear_session(headers);
    let forget =
        HeaderValue::from_static("\"cache\", \"storage\", \"prefetchCache\", \"prerenderCache\"");
    headers.insert(HeaderName::from_static("clear-site-data"), forget);
    response
}

/// Ends the session, if any; after an error it may live on.
async fn end(gateway: &Gateway, identity: Identity) -> Result<(), Problem> {
    match identity {
        Identity::SignedIn(principal) => gateway.auth.logout(&principal).await,
        // Whether the session is valid could not be checked.
        Identity::Refused(problem) if problem.status() != StatusCode::UNAUTHORIZED.as_u16() => {
            Err(problem)
        }
        Identity::Refused(_) | Identity::Anonymous => Ok(()),
    }
}
