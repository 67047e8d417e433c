//! JSON bodies, read strictly: a mistake is told with its field, never guessed at.

use crate::http::{problem_response::Refusal, rpc::is_json};
use app::problem::{FieldCode, FieldProblem, Problem, ProblemCode};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::header;
use serde::{Deserializer, de::DeserializeOwned};

/// A body of exactly that shape. 415 for another type; 400 for anything that is not JSON in UTF-8,
/// an unknown, repeated, missing or mistyped field, or something after the end.
pub(super) struct StrictJson<T>(pub(super) T);

/// As [`StrictJson`]; no body at all stands for `{}`.
pub(super) struct StrictJsonOrNothing<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for StrictJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_json(request.headers()) {
            return Err(ProblemCode::UnsupportedMediaType.into());
        }
        read(&body(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for StrictJsonOrNothing<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let typed = request.headers().contains_key(header::CONTENT_TYPE);
        let well_typed = is_json(request.headers());
        let body = body(request, state).await?;
        match (typed, well_typed, body.is_empty()) {
            (false, _, true) => Ok(Self(T::default())),
            (_, true, _) => read(&body).map(Self),
            _ => Err(ProblemCode::UnsupportedMediaType.into()),
        }
    }
}

/// The gateway has read the body already, within its limits.
async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, state)
        .await
        .map_err(|_| ProblemCode::ValidationFailed.into())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // serde would also take `["line", …]` for an object, by position.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(ProblemCode::ValidationFailed.into());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = strictly(&mut json).map_err(Problem::validation)?;
    match json.end() {
        Ok(()) => Ok(value),
        Err(_) => Err(ProblemCode::ValidationFailed.into()),
    }
}

/// Deserializes, or names the field that was wrong (none when the text was no JSON at all).
pub(super) fn strictly<'de, T, D>(from: D) -> Result<T, Vec<FieldProblem>>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    serde_path_to_error::deserialize(from).map_err(|error| {
        let path = error.path().to_string();
        let (field, code) = named(&error.into_inner().to_string(), &path);
        let field = (!field.is_empty()).then(|| FieldProblem::new(field, code));
        field.into_iter().collect()
    })
}

/// serde names unknown, repeated and missing fields in its message only.
fn named(message: &str, path: &str) -> (String, FieldCode) {
    let parent = if path == "." { "" } else { path };
    for (prefix, code) in [
        ("unknown field `", FieldCode::Unknown),
        ("missing field `", FieldCode::Required),
        ("duplicate field `", FieldCode::Malformed),
    ] {
        if let Some(rest) = message.strip_prefix(prefix) {
            let name: String = rest.chars().take_while(|c| *c != '`').take(64).collect();
            return (name, code);
        }
    }
    (parent.chars().take(64).collect(), FieldCode::Malformed)
}

#[cfg(test)]
mod tests {
    use super::read;
    use app::{model::ChangeDraft, problem::FieldCode};

    fn fault(body: &[u8]) -> Vec<(String, FieldCode)> {
        let Err(refusal) = read::<ChangeDraft>(body) else {
            return Vec::new();
        };
        let fields = refusal.0.fields.into_iter();
        let fields: Vec<_> = fields
            .map(|field| (field.field.clone(), field.code()))
            .collect();
        if fields.is_empty() {
            vec![(String::new(), FieldCode::Malformed)]
        } else {
            fields
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_field() {
        let good = r#"{"lineId":"a","currentProductCode":"B","targetProductCode":"C"}"#;
        assert_eq!(fault(good.as_bytes()), []);
        for (body, field, code) in [
            (
                r#"{"lineId":"a","currentProductCode":"B"}"#,
                "targetProductCode",
                FieldCode::Required,
            ),
            (&good.replace('}', r#","x":1}"#), "x", FieldCode::Unknown),
            (
                &good.replace('}', r#","lineId":"z"}"#),
                "lineId",
                FieldCode::Malformed,
            ),
            (&good.replace(r#""a""#, "1"), "lineId", FieldCode::Malformed),
            (
                &good.replace(r#""B""#, r#""B C""#),
                "currentProductCode",
                FieldCode::Malformed,
            ),
            (&format!("{good} x"), "", FieldCode::Malformed),
            (&format!("{good}{good}"), "", FieldCode::Malformed),
            ("", "", FieldCode::Malformed),
            ("[]", "", FieldCode::Malformed),
            (r#"["a","B","C"]"#, "", FieldCode::Malformed),
            ("null", "", FieldCode::Malformed),
            (&"[".repeat(10_000), "", FieldCode::Malformed),
        ] {
            assert_eq!(fault(body.as_bytes()), [(field.to_owned(), code)], "{body}");
        }
        let bad_utf8 = [b"{\"lineId\":\"", &[0xff, 0xfe][..], b"\"}"].concat();
        assert_eq!(fault(&bad_utf8).len(), 1);
        let deep = good.replace(r#""a""#, &"[".repeat(8_000));
        assert_eq!(fault(deep.as_bytes()).len(), 1);
    }
}
