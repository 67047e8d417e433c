//! The envelope of every answer, and numbers in KOS's forms.

use super::Refusal;
use crate::{
    data::{Customer, LineStatus, Operator, wording},
    stage::{Answer, Call, Stage},
};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    success: bool,
    result_code: String,
    result_message: &'static str,
    data: Option<T>,
    timestamp: String,
    trace_id: Option<String>,
}

/// Wraps an outcome. Business refusals are HTTP 200, by the contract.
pub(super) fn wrap<T: Serialize>(
    stage: &Stage,
    call: &Call,
    outcome: Result<T, Refusal>,
) -> Answer {
    let (code, data) = match outcome {
        Ok(data) => ("0000".to_owned(), Some(data)),
        Err(Refusal(code)) => (code, None),
    };
    with_code(stage, call, &code, data)
}

/// Wraps data under another code: a repeated first answer is 2007 and carries data.
pub(super) fn with_code<T: Serialize>(
    stage: &Stage,
    call: &Call,
    code: &str,
    data: Option<T>,
) -> Answer {
    let envelope = Envelope {
        success: data.is_some(),
        result_code: code.to_owned(),
        result_message: wording::result_message(code),
        data,
        timestamp: stage.clock.stamp(),
        trace_id: call.header("x-request-id"),
    };
    match serde_json::to_vec(&envelope) {
        Ok(body) => Answer {
            status: StatusCode::OK,
            body: body.into(),
        },
        Err(error) => {
            tracing::error!(%error, "cannot write an answer");
            Answer {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                body: Bytes::new(),
            }
        }
    }
}

/// The holder of the line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerInfo {
    customer_name: String,
    customer_id: String,
    operator_code: Operator,
    line_status: LineStatus,
}

impl From<&Customer> for CustomerInfo {
    fn from(customer: &Customer) -> Self {
        Self {
            customer_name: customer.name.clone(),
            customer_id: customer.id.clone(),
            operator_code: customer.operator,
            line_status: customer.status,
        }
    }
}

/// Won, in one of the two forms the contract allows.
#[derive(Clone, Copy)]
pub(super) enum Money {
    /// `69000`
    Integer(u64),
    /// `69000.00`
    Decimal(u64),
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(won) => won.serialize(serializer),
            // A float would be written `69000.0`; KOS writes two places.
            Self::Decimal(won) => RawValue::from_string(format!("{won}.00"))
                .map_err(S::Error::custom)?
                .serialize(serializer),
        }
    }
}

/// An included quantity, unlimited in one of the two forms the contract allows.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Quantity {
    Number(i64),
    Text(&'static str),
}

impl Quantity {
    /// Unlimited is `-1`.
    pub(super) fn or_minus_one(quantity: Option<u64>) -> Self {
        Self::Number(
            quantity
                .and_then(|quantity| i64::try_from(quantity).ok())
                .unwrap_or(-1),
        )
    }

    /// Unlimited is a word.
    pub(super) fn or_word(quantity: Option<u64>) -> Self {
        match quantity {
            Some(_) => Self::or_minus_one(quantity),
            None => Self::Text(wording::UNLIMITED),
        }
    }
}
