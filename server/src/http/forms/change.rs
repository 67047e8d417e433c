//! `POST /product/request`: the one form that costs money.

use super::{back, with_query};
use crate::http::{Gateway, request_id::RequestId, session::SignedIn};
use app::{
    model::{ChangeDraft, LineId},
    problem::{FieldCode, FieldProblem, Problem},
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
    /// Made when the page was rendered, so that pressing twice is one change.
    idempotency_key: String,
}

/// A change that exists, whatever became of it, is shown by its result page; anything else goes
/// back to the request page.
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
    let outcome = match result {
        Ok(change) => Ok(change.request_id),
        Err(mut problem) => problem.request_id.take().ok_or(problem),
    };
    match outcome {
        Ok(id) => {
            Redirect::to(&with_query("/product/result", &[("request", &id.0)])).into_response()
        }
        Err(problem) => {
            let mut visit = vec![
                ("line", form.line_id.as_str()),
                ("from", &form.current_product_code),
                ("to", &form.target_product_code),
            ];
            // Trying again is the same intent; after a refusal it is a new one, with a new key.
            if problem.code().retryable() {
                visit.push(("key", &form.idempotency_key));
            }
            let page = with_query("/product/request", &visit);
            back(&gateway, &request_id, &page, problem, "")
        }
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
