//! The self-description of a client.

use http::{HeaderMap, header};

/// The first 256 characters of `User-Agent`, for the list of sessions.
pub(super) fn device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    agent.unwrap_or_default().chars().take(256).collect()
}
