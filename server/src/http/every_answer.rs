//! What every answer has, whoever gives it: an id, a line in the log, its headers, and for a problem
//! a page or a body. Nothing that goes wrong within gets past it.

use super::{
    Gateway,
    access_log::Entry,
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
use tracing::Instrument;

/// Answers the request.
pub(super) async fn complete(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers(), &gateway.ids);
    // A line of any level tells which request it belongs to.
    let span = tracing::error_span!("request", id = %id.0);
    let answer = async {
        let entry = Entry::begin(&gateway, &request);
        let nonce = PageNonce::new(&gateway.ids);
        let language = Language::of(&gateway, &request);
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(language);
        request.extensions_mut().insert(nonce.clone());
        // A page of a problem that panics itself is answered in JSON.
        let mut response = panic::caught(for_whoever_asks(&gateway, request, next)).await;
        problem_response::write(&id, language.lang, &mut response);
        language.announce(&mut response);
        speculation::announce(&mut response);
        let mut response = security_headers::protect(&gateway, response, &nonce).await;
        id.tell(&mut response);
        entry.end(&gateway, response.status());
        // Under load whoever else can be answered is answered first, and the answers leave
        // together: a client that is awake already need not be woken for each. Otherwise it costs
        // next to nothing.
        yield_now().await;
        response
    };
    answer.instrument(span).await
}

/// A problem as a page when a browser was navigating; programs keep the JSON.
async fn for_whoever_asks(gateway: &Gateway, request: Request, next: Next) -> Response {
    let page = ProblemPage::wanted_by(&request);
    let checked = limits::head(&request).and_then(|()| methods::known_only(&request));
    let response = match checked {
        Ok(()) => panic::caught(next.run(request)).await,
        Err(refusal) => refusal,
    };
    match page {
        // Boxed: what pages need is not carried by every call of a program.
        Some(page) => Box::pin(page.instead_of(gateway, response)).await,
        None => response,
    }
}
