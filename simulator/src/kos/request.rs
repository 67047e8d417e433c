//! Reading and validating request bodies.
//!
//! `9001` no JSON object · `9002` a field is missing or no text · `9003` line number · `9004` month ·
//! `9005` product code · `9006` request id.

use super::Refusal;
use crate::data::{LineNumber, Month};
use serde_json::{Map, Value};

/// A request body: an object whose fields are text.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(Refusal::new("9001")),
        }
    }

    fn optional(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::new("9002")),
        }
    }

    fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.optional(name)?.ok_or_else(|| Refusal::new("9002"))
    }

    pub(super) fn line_number(&self) -> Result<LineNumber, Refusal> {
        line_number(self.required("lineNumber")?)
    }

    pub(super) fn billing_month(&self) -> Result<Option<Month>, Refusal> {
        self.optional("billingMonth")?
            .map(|text| Month::parse(text).ok_or_else(|| Refusal::new("9004")))
            .transpose()
    }

    /// 1 to 40 of `[A-Za-z0-9_-]`.
    pub(super) fn product_code(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.required(name)?;
        if is_token(text, 40) {
            Ok(text)
        } else {
            Err(Refusal::new("9005"))
        }
    }

    /// 1 to 64 of `[A-Za-z0-9_-]`.
    pub(super) fn request_id(&self) -> Result<&str, Refusal> {
        request_id(self.required("requestId")?)
    }

    /// A field as received, to record a request that may be malformed.
    pub(super) fn as_sent(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

pub(super) fn line_number(text: &str) -> Result<LineNumber, Refusal> {
    text.parse().map_err(|_| Refusal::new("9003"))
}

pub(super) fn request_id(text: &str) -> Result<&str, Refusal> {
    if is_token(text, 64) {
        Ok(text)
    } else {
        Err(Refusal::new("9006"))
    }
}

fn is_token(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
