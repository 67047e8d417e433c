//! Parsing of status and body into the data of a success, or an error.

use super::{
    Failure, KosError,
    code::{Verdict, verdict},
    spelling::snake_case,
    wire::Envelope,
};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Unknown result codes are logged, cut to this length.
const LONGEST_CODE: usize = 16;

/// The data of an answer.
///
/// # Errors
/// [`KosError::Refused`], [`KosError::Failed`], [`KosError::BadAnswer`].
pub(super) fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, KosError> {
    if status.is_success() {
        let data = data(envelope(body)?)?;
        return serde_path_to_error::deserialize(data).map_err(|error| {
            // Not the error's own text, which can quote the value.
            KosError::BadAnswer(format!("data.{} has a wrong shape", error.path()))
        });
    }
    // Refusals are HTTP 200 in the contract; one that comes as 4xx is still the answer it is.
    let refused = is_callers_fault(status)
        .then(|| envelope(body).and_then(data).err())
        .flatten();
    Err(match refused {
        Some(refused @ KosError::Refused(_)) => refused,
        _ => KosError::Failed(Failure::Status(status.as_u16())),
    })
}

/// A 4xx that says nothing about KOS's health.
pub(super) fn is_callers_fault(status: StatusCode) -> bool {
    status.is_client_error()
        && status != StatusCode::REQUEST_TIMEOUT
        && status != StatusCode::TOO_MANY_REQUESTS
}

fn envelope(body: &[u8]) -> Result<Envelope, KosError> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| bad(&format!("the body is no JSON ({:?})", error.classify())))?;
    serde_json::from_value(snake_case(value)).map_err(|_| bad("the envelope has a wrong shape"))
}

fn data(envelope: Envelope) -> Result<Value, KosError> {
    let success = match &envelope.success {
        Value::Bool(success) => Some(*success),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let has_data = !envelope.data.is_null();
    let Some(code) = envelope.result_code.0 else {
        return if success == Some(true) && has_data {
            Ok(envelope.data)
        } else {
            Err(bad("no result code"))
        };
    };
    match verdict(&code) {
        Verdict::Done if success == Some(false) => Err(bad("0000 without success")),
        Verdict::Done | Verdict::Repeated if has_data => Ok(envelope.data),
        Verdict::Done | Verdict::Repeated => Err(bad("success without data")),
        Verdict::Refused(_) if success == Some(true) => Err(bad("a refusal with success")),
        Verdict::Refused(refusal) => Err(KosError::Refused(refusal)),
        Verdict::Failed | Verdict::Unknown => {
            let code = code.chars().take(LONGEST_CODE).collect();
            Err(KosError::Failed(Failure::ResultCode(code)))
        }
    }
}

/// An answer that cannot be used. `what` names fields, never values.
pub(super) fn bad(what: &str) -> KosError {
    KosError::BadAnswer(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;
    use http::StatusCode;
    use serde_json::Value;

    fn outcome(status: u16, body: &str) -> String {
        match read::<Value>(StatusCode::from_u16(status).unwrap(), body.as_bytes()) {
            Ok(_) => "ok".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn status_code_and_success_together_decide() {
        let table = [
            (
                200,
                r#"{"success":true,"resultCode":"0000","data":{}}"#,
                "ok",
            ),
            (
                200,
                r#"{"SUCCESS":"true","result_code":"0000","data":{}}"#,
                "ok",
            ),
            (200, r#"{"success":true,"resultCode":null,"data":{}}"#, "ok"),
            (
                200,
                r#"{"success":true,"resultCode":"2007","data":{}}"#,
                "ok",
            ),
            (
                200,
                r#"{"success":false,"resultCode":"1003","data":null}"#,
                "Refused(NoBill)",
            ),
            (
                200,
                r#"{"success":false,"resultCode":1003}"#,
                "Refused(NoBill)",
            ),
            (
                400,
                r#"{"success":false,"resultCode":"9003"}"#,
                "Refused(Malformed)",
            ),
            (
                404,
                r#"{"success":false,"resultCode":"1001"}"#,
                "Refused(LineNotFound)",
            ),
            (404, "", "Failed(Status(404))"),
            (
                404,
                r#"{"success":true,"resultCode":"0000","data":{}}"#,
                "Failed(Status(404))",
            ),
            (401, "{}", "Failed(Status(401))"),
            (
                429,
                r#"{"success":false,"resultCode":"1001"}"#,
                "Failed(Status(429))",
            ),
            (
                500,
                r#"{"success":false,"resultCode":"1001"}"#,
                "Failed(Status(500))",
            ),
            (302, "", "Failed(Status(302))"),
            (
                200,
                r#"{"success":false,"resultCode":"8888"}"#,
                r#"Failed(ResultCode("8888"))"#,
            ),
            (
                200,
                r#"{"success":false,"resultCode":"E999"}"#,
                r#"Failed(ResultCode("E999"))"#,
            ),
        ];
        for (status, body, expected) in table {
            assert_eq!(outcome(status, body), expected, "{status} {body}");
        }
        for body in [
            "",
            "garbage",
            "[]",
            "null",
            r#"{"success":true,"resultCode":"0000""#,
            r#"{"success":true,"resultCode":"0000","data":null}"#,
            r#"{"success":false,"resultCode":"0000","data":{}}"#,
            r#"{"success":true,"resultCode":"1001","data":{}}"#,
            r#"{"success":false}"#,
        ] {
            assert!(outcome(200, body).starts_with("BadAnswer"), "{body}");
        }
    }

    #[test]
    fn an_error_never_quotes_what_kos_sent() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "only its shape matters")]
        struct Holder {
            name: u32,
        }
        let body = r#"{"success":true,"resultCode":"0000","data":{"name":"김하늘"}}"#;
        let error = read::<Holder>(StatusCode::OK, body.as_bytes()).unwrap_err();
        let text = format!("{error:?} {error}");
        assert!(
            text.contains("data.name") && !text.contains("김하늘"),
            "{text}"
        );
    }
}
