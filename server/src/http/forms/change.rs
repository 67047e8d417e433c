//! `POST /product/request`: the one form that costs money.

use super::back;
use crate::http::{Gateway, request_id::RequestId, session::SignedIn, speculation};
use app::{
    links::address,
    model::{ChangeDraft, LineId, RequestId as ChangeId},
    problem::{FieldCode, FieldProblem, Problem, ProblemCode},
    ssr::ChangeCommand,
};
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ChangeForm {
    line_id: String,
    current_product_code: String,
    target_product_code: String,
    /// Made when the page is rendered, so that pressing twice is one change.
    idempotency_key: String,
}

/// This change, once it exists, is shown by its result page, whatever its outcome. Anything else
/// goes back to the request page.
pub(super) async fn submit(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    request_id: RequestId,
    form: Result<Form<ChangeForm>, FormRejection>,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let result = match command(&form, &request_id) {
        Ok(command) => gateway.product.request(&who, command).await,
        Err(fields) => Err(Problem::validation(fields)),
    };
    match result.map(|change| change.request_id).or_else(its_own_end) {
        Ok(id) => {
            let result = [("request", id.0.as_str()), ("line", &form.line_id)];
            let result = result.map(|(name, value)| (name, Some(value)));
            let mut response = Redirect::to(&address("/product/result", result)).into_response();
            speculation::outdate(&mut response);
            response
        }
        Err(problem) => {
            // A retry is the same intent and key; after a refusal it is a new intent with a new key.
            let key = Some(form.idempotency_key.as_str());
            let visit = [
                ("line", Some(form.line_id.as_str())),
                ("from", Some(&form.current_product_code)),
                ("to", Some(&form.target_product_code)),
                ("key", key.filter(|_| problem.code().retryable())),
            ];
            let page = address("/product/request", visit);
            back(&gateway, &request_id, &page, problem)
        }
    }
}

/// The number of this change, if the problem is its outcome. A change in progress on the line, which keeps
/// this one from beginning, has a number too, but its result would be mistaken for this one's.
fn its_own_end(mut problem: Problem) -> Result<ChangeId, Problem> {
    match problem.code() {
        ProblemCode::ChangeRejected => problem.request_id.take().ok_or(problem),
        _ => Err(problem),
    }
}

fn command(form: &ChangeForm, request_id: &RequestId) -> Result<ChangeCommand, Vec<FieldProblem>> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str| fields.push(FieldProblem::new(field, FieldCode::Malformed));
    let from = form
        .current_product_code
        .parse()
        .map_err(|_| wrong("currentProductCode"));
    let to = form
        .target_product_code
        .parse()
        .map_err(|_| wrong("targetProductCode"));
    let key = form
        .idempotency_key
        .parse()
        .map_err(|_| wrong("idempotencyKey"));
    match (from, to, key) {
        (Ok(current_product_code), Ok(target_product_code), Ok(key)) => Ok(ChangeCommand {
            draft: ChangeDraft {
                line_id: LineId(form.line_id.clone()),
                current_product_code,
                target_product_code,
            },
            key,
            trace_id: request_id.0.clone(),
        }),
        _ => Err(fields),
    }
}
