//! Server functions called from an island, by their path over a bare `fetch`.
//!
//! The browser's own JSON functions write and read the fields. Measured with Brotli and six
//! islands, the client of server functions adds 42 kB, a bare `fetch` with `serde` 30 kB, this 6
//! kB; the whole bundle may weigh 100 kB (`docs/adr/0009`). Islands take no props for the same
//! reason.

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

/// Longer than `http.request_timeout_ms` unless an operator raises it, so that the server's answer comes
/// first.
pub(crate) const GIVE_UP_AFTER_MS: u32 = 15_000;

/// Calls [`check_one`](super::product::check_one) from the browser.
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

/// The status of a change, by [`status`](super::product::status).
pub async fn status(request: &RequestId) -> Result<ChangeStatus, Problem> {
    let arguments = object(&[("request", request.0.as_str().into())]);
    let answer = call::<Status>(&arguments).await?;
    let status = text(&answer, "status");
    ChangeStatus::ALL
        .into_iter()
        .find(|known| status.as_deref() == Some(known.as_str()))
        .ok_or_else(|| told(ProblemCode::Internal))
}

/// The answer of the server function `F`, or its problem, with the words looked up by code.
async fn call<F: ServerFn>(arguments: &JsValue) -> Result<JsValue, Problem> {
    let (ok, answer) = post(F::PATH, arguments)
        .await
        .map_err(|error| told(without_answer(&error)))?;
    if ok {
        return Ok(answer);
    }
    let code = text(&answer, "code").and_then(|name| ProblemCode::named(&name));
    let mut problem = told(code.unwrap_or(ProblemCode::Internal));
    problem.trace_id = text(&answer, "traceId").unwrap_or_default();
    problem.retry_after = number(&answer, "retryAfter");
    Err(problem)
}

/// Why there is no answer. `fetch` tells a lost connection as a `TypeError`; a time-out, and an
/// answer that is no JSON, such as a proxy's own, are not the customer's connection.
fn without_answer(error: &JsValue) -> ProblemCode {
    match text(error, "name").as_deref() {
        Some("TypeError") => ProblemCode::Network,
        _ => ProblemCode::Unavailable,
    }
}

/// A problem in the language of the document.
fn told(code: ProblemCode) -> Problem {
    Problem::told(language(), code)
}

/// Posts JSON to a path of ours; returns whether the status was a success, and the JSON answer.
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
        // Setting a field of a new plain object cannot fail.
        _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn text(answer: &JsValue, field: &str) -> Option<String> {
    value(answer, field)?.as_string()
}

/// A whole number, parsed from its text: a float would need a lossy cast.
fn number(answer: &JsValue, field: &str) -> Option<u32> {
    let written = JSON::stringify(&value(answer, field)?).ok()?;
    written.as_string()?.parse().ok()
}

fn value(answer: &JsValue, field: &str) -> Option<JsValue> {
    Reflect::get(answer, &JsValue::from_str(field)).ok()
}
