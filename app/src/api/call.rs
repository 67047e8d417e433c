//! How an island asks the server: the path of a server function, over a bare `fetch`.
//!
//! The browser itself writes and reads the JSON, field by field. Measured as brotli, with six
//! islands: the client of server functions 42 kB on top, a bare `fetch` with `serde` still 30 kB,
//! this 6 kB; the whole bundle may weigh 100 kB. Islands take no props for the same reason.

use super::product::{CheckOne, Status};
use crate::{
    model::{ChangeDraft, ChangeStatus, CheckResult, CheckType, RequestId, Verdict},
    page_request::language,
    problem::{Problem, ProblemCode},
};
use js_sys::{JSON, Object, Reflect};
use leptos::server_fn::ServerFn;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

/// Longer than any time limit of the server, so that its answer is the one that counts.
const GIVE_UP_AFTER_MS: u32 = 15_000;

/// [`check_one`](super::product::check_one), asked from the browser.
pub async fn check_one(draft: ChangeDraft, check: CheckType) -> Result<CheckResult, Problem> {
    let draft = object(&[
        ("lineId", draft.line_id.0.as_str().into()),
        (
            "currentProductCode",
            draft.current_product_code.as_str().into(),
        ),
        (
            "targetProductCode",
            draft.target_product_code.as_str().into(),
        ),
    ]);
    let arguments = object(&[("draft", draft), ("check", check.as_str().into())]);
    let answer = call::<CheckOne>(&arguments).await?;
    let read = || {
        let result = text(&answer, "result")?;
        Some(CheckResult {
            check,
            result: Verdict::ALL
                .into_iter()
                .find(|verdict| verdict.as_str() == result)?,
            message: text(&answer, "message")?,
        })
    };
    read().ok_or_else(|| told(ProblemCode::Internal))
}

/// How a change stands, by [`status`](super::product::status).
pub async fn status(request: &RequestId) -> Result<ChangeStatus, Problem> {
    let arguments = object(&[("request", request.0.as_str().into())]);
    let answer = call::<Status>(&arguments).await?;
    let status = text(&answer, "status");
    ChangeStatus::ALL
        .into_iter()
        .find(|known| status.as_deref() == Some(known.as_str()))
        .ok_or_else(|| told(ProblemCode::Internal))
}

/// The answer of the server function `F`, or the problem it answered, its words by its code;
/// `NETWORK` when no answer came.
async fn call<F: ServerFn>(arguments: &JsValue) -> Result<JsValue, Problem> {
    let (ok, answer) = post(F::PATH, arguments)
        .await
        .map_err(|_| told(ProblemCode::Network))?;
    if ok {
        return Ok(answer);
    }
    let code = text(&answer, "code");
    let code = ProblemCode::ALL
        .into_iter()
        .find(|known| code.as_deref() == Some(known.as_str()))
        .unwrap_or(ProblemCode::Internal);
    let mut problem = told(code);
    problem.trace_id = text(&answer, "traceId").unwrap_or_default();
    problem.retry_after = number(&answer, "retryAfter");
    Err(problem)
}

/// A problem in the language of the document.
fn told(code: ProblemCode) -> Problem {
    Problem::told(language(), code)
}

/// Posts JSON to an own path; whether the status was a success, and the JSON that came back.
async fn post(path: &str, body: &JsValue) -> Result<(bool, JsValue), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    // The customer's choice, which need not be what the browser prefers.
    headers.set("accept-language", language().tag())?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(JSON::stringify(body)?.as_ref());
    options.set_signal(Some(&AbortSignal::timeout_with_u32(GIVE_UP_AFTER_MS)));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &options)).await?;
    let response: Response = answer.unchecked_into();
    let json = JsFuture::from(response.json()?).await?;
    Ok((response.ok(), json))
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a new plain object cannot be refused.
        _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn text(answer: &JsValue, field: &str) -> Option<String> {
    value(answer, field)?.as_string()
}

/// A whole number; a float would have to be cut.
fn number(answer: &JsValue, field: &str) -> Option<u32> {
    let written = JSON::stringify(&value(answer, field)?).ok()?;
    written.as_string()?.parse().ok()
}

fn value(answer: &JsValue, field: &str) -> Option<JsValue> {
    Reflect::get(answer, &JsValue::from_str(field)).ok()
}
