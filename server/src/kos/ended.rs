//! How one call ended, and the consequences: the breaker's verdict, an alarm, a retry.

use super::{Failure, KosError, NotSent, Refusal, envelope::is_callers_fault};
use http::StatusCode;

/// An end without an answer, by whether KOS may have seen the call.
#[derive(Debug)]
pub(super) enum Ended {
    NotSent(KosError),
    Sent(KosError),
}

impl Ended {
    /// Whether a retry could bring another answer, and is worth it.
    pub(super) fn is_passing(&self) -> bool {
        match self.error() {
            KosError::Unavailable { why, .. } => matches!(why, NotSent::NoConnection(_)),
            KosError::Failed(Failure::Connection(_)) => true,
            KosError::Failed(Failure::Status(status)) => (500..=599).contains(status),
            _ => false,
        }
    }

    /// The breaker's verdict: refusals and faults of our own are answers of a healthy KOS.
    pub(super) fn is_failure(&self) -> bool {
        match self {
            Self::Sent(KosError::Refused(_) | KosError::Failed(Failure::NotFinished)) => false,
            Self::Sent(KosError::Failed(Failure::Status(status))) => {
                !StatusCode::from_u16(*status).is_ok_and(is_callers_fault)
            }
            Self::NotSent(_) | Self::Sent(_) => true,
        }
    }

    /// Whether neither a retry nor the customer can mend it, so that somebody has to look at once.
    pub(super) fn alarm(&self) -> Option<&'static str> {
        match self {
            Self::Sent(KosError::Failed(Failure::Status(401 | 403))) => {
                Some("KOS does not let this service in")
            }
            Self::Sent(KosError::Refused(Refusal::Malformed)) => {
                Some("KOS calls a request of this service malformed")
            }
            Self::NotSent(_) | Self::Sent(_) => None,
        }
    }

    pub(super) fn error(&self) -> &KosError {
        match self {
            Self::NotSent(error) | Self::Sent(error) => error,
        }
    }

    pub(super) fn into_error(self) -> KosError {
        match self {
            Self::NotSent(error) | Self::Sent(error) => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ended;
    use crate::kos::{
        Failure, KosError, NotSent,
        envelope::{bad, read},
    };
    use http::StatusCode;
    use serde_json::Value;
    use std::{io, sync::Arc};

    /// What follows from an end: a failure for the breaker, an alarm, another try.
    #[derive(Debug, PartialEq)]
    struct Follows {
        failure: bool,
        alarm: bool,
        again: bool,
    }

    const ANSWER: Follows = Follows {
        failure: false,
        alarm: false,
        again: false,
    };
    const ALARM: Follows = Follows {
        alarm: true,
        ..ANSWER
    };
    const FAILURE: Follows = Follows {
        failure: true,
        ..ANSWER
    };
    const PASSING: Follows = Follows {
        again: true,
        ..FAILURE
    };

    fn follows(ended: &Ended) -> Follows {
        Follows {
            failure: ended.is_failure(),
            alarm: ended.alarm().is_some(),
            again: ended.is_passing(),
        }
    }

    /// The end of a call that KOS answered with that status and body.
    fn answered(status: u16, body: &str) -> Ended {
        let status = StatusCode::from_u16(status).unwrap();
        let error = read::<Value>(status, body.as_bytes()).expect_err("no error");
        Ended::Sent(error)
    }

    /// A refusal, as the contract has it: HTTP 200, no success, no data.
    fn refusal(code: &str) -> Ended {
        let body = format!(r#"{{"success":false,"resultCode":"{code}","data":null}}"#);
        answered(200, &body)
    }

    /// I6, and the list in `docs/kos-contract.md`.
    #[test]
    fn what_counts_against_kos_and_what_alarms() {
        // About the customer's own data, or about a request of ours.
        for code in [
            "1001", "1002", "1003", "2001", "2002", "2003", "2004", "2005", "2006", "2099", "2404",
            "3001", "3002", "3003",
        ] {
            assert_eq!(follows(&refusal(code)), ANSWER, "{code}");
        }
        for code in ["9001", "9002", "9003", "9004", "9005", "9006"] {
            assert_eq!(follows(&refusal(code)), ALARM, "{code}");
        }
        for code in ["8888", "9998", "9999", "9007", "4001", "E999"] {
            assert_eq!(follows(&refusal(code)), FAILURE, "{code}");
        }
        for (status, follow) in [
            (302, FAILURE),
            (400, ANSWER),
            (401, ALARM),
            (403, ALARM),
            (404, ANSWER),
            (408, FAILURE),
            (409, ANSWER),
            (422, ANSWER),
            (429, FAILURE),
            (500, PASSING),
            (502, PASSING),
            (503, PASSING),
            (504, PASSING),
            (599, PASSING),
        ] {
            assert_eq!(follows(&answered(status, "")), follow, "{status}");
        }
        // A refusal is one in 4xx too, but 429 and 5xx say something of KOS whatever they carry.
        let refused = r#"{"success":false,"resultCode":"1001","data":null}"#;
        for (status, follow) in [(404, ANSWER), (429, FAILURE), (500, PASSING)] {
            assert_eq!(follows(&answered(status, refused)), follow, "{status}");
        }
        let shapeless = [
            "",
            "garbage",
            "[]",
            r#"{"success":true,"resultCode":"0000""#,
            r#"{"success":true,"resultCode":"0000","data":null}"#,
            r#"{"success":false}"#,
        ];
        for body in shapeless {
            assert_eq!(follows(&answered(200, body)), FAILURE, "{body}");
        }
        let broke = || Arc::new(io::Error::from(io::ErrorKind::ConnectionReset));
        for (ended, follow) in [
            (Ended::Sent(bad("the body is too long")), FAILURE),
            (Ended::Sent(KosError::Timeout), FAILURE),
            (Ended::NotSent(KosError::Timeout), FAILURE),
            (Ended::Sent(KosError::Failed(Failure::NotFinished)), ANSWER),
            (
                Ended::Sent(KosError::Failed(Failure::Connection(broke()))),
                PASSING,
            ),
            (
                Ended::NotSent(KosError::Unavailable {
                    why: NotSent::NoConnection(broke()),
                    retry_after_s: 5,
                }),
                PASSING,
            ),
        ] {
            assert_eq!(follows(&ended), follow, "{ended:?}");
        }
    }
}
