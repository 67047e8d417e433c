//! What every answer has: an id, a log line, its headers, and for a problem a page or a body. No failure
//! inside escapes it.

use super::{
    Gateway,
    access_log::Entry,
    client_ip::Address,
    language::Language,
    limits, methods,
    pages::ProblemPage,
    panic, problem_response,
    request_id::RequestId,
    security_headers::{self, PageNonce},
    speculation,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tokio::task::yield_now;
use tracing::{Instrument, field::Empty};

/// Answers the request.
pub(super) async fn complete(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers(), &gateway.ids);
    let address = Address::of(&gateway, &request);
    // `error_span`, so that lines of every level name their request. Whose it is is recorded on the way in.
    let from = address.as_str();
    let span = tracing::error_span!("request", id = %id.0, %from, account = Empty);
    let requested = span.clone();
    let answer = async {
        let entry = Entry::begin(&gateway, &request);
        let nonce = PageNonce::new(&gateway.ids);
        let language = Language::of(&gateway, &request);
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(address);
        request.extensions_mut().insert(language);
        request.extensions_mut().insert(nonce.clone());
        // If the page of a problem panics, the problem is answered in JSON.
        let mut response = panic::caught(for_whoever_asks(&gateway, request, next)).await;
        problem_response::write(&id, language.lang, &mut response);
        language.announce(&mut response);
        speculation::announce(&mut response);
        let mut response = security_headers::protect(&gateway, response, &nonce).await;
        id.tell(&mut response);
        entry.end(&gateway, &requested, response.status());
        // Under load, other requests are answered first and the answers leave together, which wakes
        // clients less often. Otherwise it costs next to nothing.
        yield_now().await;
        response
    };
    answer.instrument(span).await
}

/// Turns a problem into a page when a browser was navigating; programs get JSON.
async fn for_whoever_asks(gateway: &Gateway, request: Request, next: Next) -> Response {
    let page = ProblemPage::wanted_by(&request);
    let checked = limits::head(&request).and_then(|()| methods::known_only(&request));
    let response = match checked {
        Ok(()) => panic::caught(next.run(request)).await,
        Err(refusal) => refusal,
    };
    match page {
        // Boxed, so that a program's call does not carry the size of a page's future.
        Some(page) => Box::pin(page.instead_of(gateway, response)).await,
        None => response,
    }
}
