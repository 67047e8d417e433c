//! Plans and what a line can change to.

use super::{Allowance, LineId, LineNumber, LineStatus, Won, identifier::is_identifier};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// KOS's code of a plan: 1 to 40 of `[A-Za-z0-9_-]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{1,40}$", example = "5G-STANDARD-001")]
pub struct ProductCode(String);

impl ProductCode {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not 1 to 40 of `[A-Za-z0-9_-]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAProductCode;

impl fmt::Display for NotAProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a product code is 1 to 40 letters, digits, _ or -")
    }
}

impl std::error::Error for NotAProductCode {}

impl FromStr for ProductCode {
    type Err = NotAProductCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_identifier(text, 1..=40)
            .then(|| Self(text.to_owned()))
            .ok_or(NotAProductCode)
    }
}

impl TryFrom<String> for ProductCode {
    type Error = NotAProductCode;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProductCode> for String {
    fn from(code: ProductCode) -> Self {
        code.0
    }
}

/// A plan by code and name, as bills and changes mention it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductName {
    pub code: ProductCode,
    pub name: String,
}

/// A plan with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub code: ProductCode,
    pub name: String,
    /// Won per month.
    pub monthly_fee: Won,
    /// Megabytes per month (1 GB = 1,024 MB).
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub data_mb: Allowance,
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub voice_minutes: Allowance,
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub sms_count: Allowance,
    /// `5G`, `LTE`, `3G`; empty if KOS did not report it.
    pub network_type: String,
    pub description: String,
    pub benefits: Vec<String>,
}

impl Product {
    /// Its code and name alone.
    pub fn named(&self) -> ProductName {
        ProductName {
            code: self.code.clone(),
            name: self.name.clone(),
        }
    }
}

/// The line to change, with its state as KOS reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductLine {
    pub line_id: LineId,
    pub line_number: LineNumber,
    pub status: LineStatus,
}

/// What SCR-005 shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductMenu {
    pub customer_id: String,
    pub user_name: String,
    pub line: ProductLine,
    pub current_product: Product,
    /// On sale, of the same operator, and not the current one.
    pub available_products: Vec<Product>,
}

impl fmt::Debug for ProductMenu {
    /// Ids and names are personal data: logs see neither.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProductMenu")
            .field("line", &self.line)
            .field("current_product", &self.current_product)
            .finish_non_exhaustive()
    }
}

/// What SCR-006 shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeOptions {
    pub line: ProductLine,
    pub current_product: Product,
    /// On sale, of the same operator, and not the current one.
    pub products: Vec<ChangeOption>,
}

/// A plan to change to, and how much more (positive) or less (negative) it costs per month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeOption {
    #[serde(flatten)]
    pub product: Product,
    pub fee_delta: Won,
}
