//! `RateLimit` and `RateLimit-Policy`, the header fields of draft-ietf-httpapi-ratelimit-headers.

use super::limiter::Answered;
use http::{HeaderMap, HeaderName, HeaderValue};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const SECOND_US: i64 = 1_000_000;

/// Writes the limit that decided or is nearest: its quota (`q` requests in `w` seconds), the requests left
/// (`r`) and the seconds until all are (`t`).
pub(super) fn write(headers: &mut HeaderMap, answered: &Answered) {
    let (name, quota) = (answered.limit.name(), answered.quota);
    let window = seconds(quota.tolerance_us());
    let remaining = quota.remaining(answered.decision.debt_us);
    let full = seconds(answered.decision.debt_us);
    let policy = format!("\"{name}\";q={};w={window}", quota.burst());
    let limit = format!("\"{name}\";r={remaining};t={full}");
    for (field, text) in [(POLICY, policy), (LIMIT, limit)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(field, value);
        }
    }
}

/// Whole seconds, rounded up.
fn seconds(us: i64) -> i64 {
    us.max(0) / SECOND_US + i64::from(us.max(0) % SECOND_US > 0)
}

#[cfg(test)]
mod tests {
    use crate::http::rate_limit::{Answered, Decision, Limit, Quota};
    use http::HeaderMap;
    use std::time::Duration;

    #[test]
    fn says_what_is_allowed_and_what_is_left() {
        let mut headers = HeaderMap::new();
        let answered = Answered {
            wait: None,
            limit: Limit::Address,
            quota: Quota::new(50, Duration::from_secs(1), 300),
            decision: Decision {
                wait_us: 0,
                debt_us: 1_020_000,
            },
        };
        super::write(&mut headers, &answered);
        assert_eq!(headers["ratelimit-policy"], "\"address\";q=300;w=6");
        assert_eq!(headers["ratelimit"], "\"address\";r=249;t=2");
    }
}
