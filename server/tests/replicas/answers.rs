//! One request, and what is wrong with its answer.

use anyhow::Result;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// A client that follows no redirects and retries nothing.
pub fn client() -> Result<Client> {
    Ok(Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .build()?)
}

/// The body, or what is wrong with the answer.
pub async fn judge(answer: reqwest::Result<Response>) -> Result<Value, String> {
    let answer = answer.map_err(|error| format!("{error:?}"))?;
    let status = answer.status();
    let text = answer
        .text()
        .await
        .map_err(|error| format!("cut off: {error:?}"))?;
    match status {
        StatusCode::OK | StatusCode::ACCEPTED => {
            Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
        }
        _ => Err(format!(
            "{status} {}",
            text.chars().take(200).collect::<String>()
        )),
    }
}
