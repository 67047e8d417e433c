//! Changing a plan.

use super::{
    KstDate, KstInstant, LineId, LineNumber, ProductCode, ProductName, identifier::is_identifier,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};
use utoipa::ToSchema;

/// The change a customer is about to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeDraft {
    pub line_id: LineId,
    /// The plan the customer saw as current; a mismatch is `CURRENT_PRODUCT_CHANGED`.
    pub current_product_code: ProductCode,
    // Differs from the current product's example: moving to the same plan is refused.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{1,40}$", example = "LTE-BASIC-001")]
    pub target_product_code: ProductCode,
}

/// The three pre-checks, in the order shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckType {
    ProductOnSale,
    OperatorMatch,
    LineInUse,
}

impl CheckType {
    /// Every check, in the order shown.
    pub const ALL: [Self; 3] = [Self::ProductOnSale, Self::OperatorMatch, Self::LineInUse];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductOnSale => "PRODUCT_ON_SALE",
            Self::OperatorMatch => "OPERATOR_MATCH",
            Self::LineInUse => "LINE_IN_USE",
        }
    }
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    Pass,
    Fail,
}

impl Verdict {
    /// Both results.
    pub const ALL: [Self; 2] = [Self::Pass, Self::Fail];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
        }
    }
}

/// One check with its real result; `message` is a sentence for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    #[serde(rename = "type")]
    pub check: CheckType,
    pub result: Verdict,
    pub message: String,
}

/// All three checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreCheck {
    pub passed: bool,
    pub checks: Vec<CheckResult>,
}

/// A key the client makes once per intended change: 8 to 64 of `[A-Za-z0-9_-]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not 8 to 64 of `[A-Za-z0-9_-]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnIdempotencyKey;

impl FromStr for IdempotencyKey {
    type Err = NotAnIdempotencyKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_identifier(text, 8..=64)
            .then(|| Self(text.to_owned()))
            .ok_or(NotAnIdempotencyKey)
    }
}

/// What an idempotency key has been used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyUse {
    Unused,
    /// It has started this change.
    Change(RequestId),
    /// Its request was refused before a change began; asking again gets the same refusal.
    Refused,
}

/// The number a customer may quote: one per change, from the intent to every later query to KOS.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RequestId(pub String);

impl RequestId {
    /// Whether this server could have made it: 1 to 64 of `[A-Za-z0-9_-]`. What a caller names
    /// otherwise exists nowhere, and PostgreSQL refuses a NUL with an error.
    pub fn is_well_formed(&self) -> bool {
        is_identifier(&self.0, 1..=64)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A requested change. `Pending` means sent, with the answer unknown and being confirmed with KOS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub request_id: RequestId,
    pub line_id: LineId,
    pub line_number: LineNumber,
    pub from: ProductName,
    pub to: ProductName,
    pub status: ChangeStatus,
    pub requested_at: KstInstant,
    pub processed_at: Option<KstInstant>,
    /// As KOS returned it.
    pub effective_date: Option<KstDate>,
    pub kos_order_number: Option<String>,
    pub failure: Option<ChangeFailure>,
    /// `true` where KOS was found to have applied it after it had been told as failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_review: bool,
    /// Once the change has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// Evidence for the customer: the event's number in the line's history, a hyphen, and the first
/// twelve digits of its hash in the chain, for example `3-9f2c41ab77d0`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Receipt(pub String);

/// How long an open page asks by itself how a pending change has ended. Asking keeps its session
/// from ending, and a change that is still pending by then may wait for a person.
pub const WATCHED_FOR: Duration = Duration::from_secs(20 * 60);

/// How far a change has come, as customers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeStatus {
    Pending,
    Completed,
    Failed,
}

impl ChangeStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Completed, Self::Failed];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// Why a change failed, in words for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeFailure {
    pub code: RejectReason,
    pub message: String,
}

/// The reasons a change can fail for, each with its sentence in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectReason {
    /// KOS 2001: unknown line.
    LineNotFound,
    /// KOS 2002: the line is not in use.
    LineNotActive,
    /// KOS 2003: unknown product.
    ProductNotFound,
    /// KOS 2004: no longer on sale.
    ProductNotOnSale,
    /// KOS 2005: sold by another operator.
    OperatorMismatch,
    /// KOS 2006: the line is not on the plan the customer saw.
    CurrentProductChanged,
    /// KOS 2099, and any refusal without a reason of its own.
    Refused,
    /// KOS never applied it, as found by asking.
    NotApplied,
}

impl RejectReason {
    pub const ALL: [Self; 8] = [
        Self::LineNotFound,
        Self::LineNotActive,
        Self::ProductNotFound,
        Self::ProductNotOnSale,
        Self::OperatorMismatch,
        Self::CurrentProductChanged,
        Self::Refused,
        Self::NotApplied,
    ];
}

#[cfg(test)]
mod tests {
    use super::{ChangeStatus, CheckType, Verdict};

    #[test]
    fn names_equal_the_serialised_form() {
        fn same(value: impl serde::Serialize, name: &str) {
            assert_eq!(serde_json::to_value(value).unwrap(), name);
        }
        CheckType::ALL
            .into_iter()
            .for_each(|check| same(check, check.as_str()));
        Verdict::ALL
            .into_iter()
            .for_each(|verdict| same(verdict, verdict.as_str()));
        ChangeStatus::ALL
            .into_iter()
            .for_each(|status| same(status, status.as_str()));
    }
}
