//! `POST /login`.

use super::{back, back_with};
use crate::http::{
    Gateway,
    device::device,
    own_path::own_path,
    rate_limit::{self, Address},
    request_id::RequestId,
};
use app::{
    links,
    page_request::Entered,
    problem::{FieldCode, FieldProblem, Problem, ProblemCode},
    ssr::LoginCommand,
};
use axum::{
    Form,
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
    let result = match command(&form, &headers) {
        Ok(command) => {
            if let Err(mut too_early) = rate_limit::login_attempt(&gateway, &command.user_id).await
            {
                too_early.extensions_mut().insert(entered);
                return too_early;
            }
            gateway.auth.login(command).await
        }
        Err(fields) => Err(Problem::validation(fields)),
    };
    match result {
        Ok(outcome) => {
            let mut response = Redirect::to(own_path(form.next.as_deref())).into_response();
            gateway
                .cookies()
                .set_session(response.headers_mut(), &outcome.tokens);
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

fn command(form: &LoginForm, headers: &HeaderMap) -> Result<LoginCommand, Vec<FieldProblem>> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, text: &str, code| {
        let code = if text.is_empty() {
            FieldCode::Required
        } else {
            code
        };
        fields.push(FieldProblem::new(field, code));
    };
    let user_id = form
        .user_id
        .parse()
        .map_err(|_| wrong("userId", &form.user_id, FieldCode::UserIdLength));
    let password = form
        .password
        .parse()
        .map_err(|_| wrong("password", &form.password, FieldCode::PasswordLength));
    match (user_id, password) {
        (Ok(user_id), Ok(password)) => Ok(LoginCommand {
            user_id,
            password,
            auto_login: form.auto_login.is_some(),
            device: device(headers),
        }),
        _ => Err(fields),
    }
}
