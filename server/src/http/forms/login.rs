//! `POST /login`.

use super::{back, back_with};
use crate::http::{
    Gateway, client_ip::Address, credentials::Credentials, device::device, own_path::own_path,
    rate_limit, request_id::RequestId, session::Identity,
};
use app::{
    links,
    model::Principal,
    page_request::Entered,
    problem::{Problem, ProblemCode},
};
use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LoginForm {
    user_id: String,
    password: String,
    /// A check box: present when ticked.
    auto_login: Option<String>,
    next: Option<String>,
}

pub(super) async fn submit(
    State(gateway): State<Gateway>,
    request_id: RequestId,
    address: Address,
    Extension(identity): Extension<Identity>,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    let Ok(Form(mut form)) = form else {
        let problem = Problem::of(ProblemCode::ValidationFailed);
        return back(&gateway, &request_id, "/login", problem);
    };
    // Phone keyboards add a space after a completed word.
    form.user_id = form.user_id.trim().to_owned();
    let entered = Entered {
        user_id: form.user_id.clone(),
        auto_login: form.auto_login.is_some(),
    };
    let credentials = Credentials {
        user_id: &form.user_id,
        password: &form.password,
        auto_login: form.auto_login.is_some(),
        device_cookie: gateway.cookies().device(&headers),
    };
    let result = match credentials.command(device(&headers)) {
        Ok(command) => {
            if let Err(mut too_early) = rate_limit::login_attempt(&gateway, &command).await {
                too_early.extensions_mut().insert(entered);
                return too_early;
            }
            gateway.auth.login(command).await
        }
        Err(fields) => Err(Problem::validation(fields)),
    };
    match result {
        Ok(outcome) => {
            end_previous(&gateway, &identity, &outcome.principal).await;
            let mut response = Redirect::to(own_path(form.next.as_deref())).into_response();
            let cookies = gateway.cookies();
            cookies.set_session(response.headers_mut(), &outcome.tokens);
            cookies.set_device(response.headers_mut(), &outcome.device_cookie);
            response
        }
        Err(problem) => {
            rate_limit::login_failed(&gateway, &address, &problem).await;
            let page = match own_path(form.next.as_deref()) {
                "/main" => "/login".to_owned(),
                next => links::address("/login", [("next", Some(next))]),
            };
            back_with(&gateway, &request_id, &page, problem, entered)
        }
    }
}

/// Ends the session whose cookies the new ones overwrite: afterwards nobody could end it from this
/// browser, and whoever kept the old cookies could go on using it.
async fn end_previous(gateway: &Gateway, before: &Identity, now: &Principal) {
    let Identity::SignedIn(before) = before else {
        return;
    };
    if before.session_id == now.session_id {
        return;
    }
    // The customer is let in all the same; the port has logged the cause.
    if let Err(problem) = gateway.auth.logout(before).await {
        let code = problem.code().as_str();
        tracing::warn!(code, "the session before a login lives on");
    }
}
