//! How an island asks the server: the path, arguments and answer of a server function, over a bare
//! `fetch`.
//!
//! The client that comes with server functions costs the bundle a JSON parser, a streaming HTTP
//! client and float formatting; here the browser parses (`docs/adr` tells the sizes).

use crate::problem::{Problem, ProblemCode};
use leptos::server_fn::ServerFn;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

/// Longer than any time limit of the server, so that its answer is the one that counts.
const GIVE_UP_AFTER_MS: u32 = 15_000;

/// Calls a server function by its arguments: `call(&CheckOne { draft, check })`.
///
/// `NETWORK` when no answer came, `INTERNAL` when it was not understood. Runs in a browser only.
pub async fn call<F>(arguments: &F) -> Result<F::Output, Problem>
where
    F: ServerFn<Error = Problem> + Serialize,
    F::Output: DeserializeOwned,
{
    let not_understood = || Problem::of(ProblemCode::Internal);
    let arguments = serde_wasm_bindgen::to_value(arguments).map_err(|_| not_understood())?;
    let (ok, answer) = post(F::PATH, &arguments)
        .await
        .map_err(|_| Problem::of(ProblemCode::Network))?;
    let answer = if ok {
        serde_wasm_bindgen::from_value(answer).map(Ok)
    } else {
        serde_wasm_bindgen::from_value(answer).map(Err)
    };
    answer.unwrap_or_else(|_| Err(not_understood()))
}

/// Posts JSON to an own path; whether the status was a success, and the JSON that came back.
async fn post(path: &str, body: &JsValue) -> Result<(bool, JsValue), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(js_sys::JSON::stringify(body)?.as_ref());
    options.set_signal(Some(&AbortSignal::timeout_with_u32(GIVE_UP_AFTER_MS)));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &options)).await?;
    let response: Response = answer.unchecked_into();
    let json = JsFuture::from(response.json()?).await?;
    Ok((response.ok(), json))
}
