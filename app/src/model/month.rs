//! Billing months.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

/// A calendar month of billing, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BillingMonth {
    year: u16,
    month: u8,
}

impl BillingMonth {
    /// How many months a customer may choose from: the current one and five earlier.
    pub const SELECTABLE: usize = 6;

    /// `None` unless `1000 <= year <= 9999` and `1 <= month <= 12`.
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1000..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The nearest representable month.
    pub fn clamped(year: i16, month: i8) -> Self {
        let year = u16::try_from(year.clamp(1000, 9999)).unwrap_or(1000);
        let month = u8::try_from(month.clamp(1, 12)).unwrap_or(1);
        Self { year, month }
    }

    /// 1000 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The month before this one.
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self {
                year: self.year - 1,
                month: 12,
            }
        } else {
            Self {
                year: self.year,
                month: self.month - 1,
            }
        }
    }

    /// The months a customer may select if `self` is the current one, newest first.
    pub fn selectable(self) -> Vec<Self> {
        std::iter::successors(Some(self), |month| Some(month.previous()))
            .take(Self::SELECTABLE)
            .collect()
    }

    /// As KOS writes it: `YYYYMM`.
    pub fn compact(self) -> String {
        format!("{:04}{:02}", self.year, self.month)
    }
}

impl fmt::Display for BillingMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// The text is not `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMonth;

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a month is written YYYY-MM")
    }
}

impl std::error::Error for NotAMonth {}

impl FromStr for BillingMonth {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let digits =
            |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(NotAMonth);
        }
        let (year, month) = (
            year.parse().map_err(|_| NotAMonth)?,
            month.parse().map_err(|_| NotAMonth)?,
        );
        Self::new(year, month).ok_or(NotAMonth)
    }
}

impl TryFrom<String> for BillingMonth {
    type Error = NotAMonth;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BillingMonth> for String {
    fn from(month: BillingMonth) -> Self {
        month.to_string()
    }
}

impl PartialSchema for BillingMonth {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$"))
            .examples(["2026-11"])
            .into()
    }
}

impl ToSchema for BillingMonth {}

#[cfg(test)]
mod tests {
    use super::BillingMonth;

    #[test]
    fn six_months_back_over_new_year() {
        let months: Vec<String> = BillingMonth::new(2026, 2)
            .unwrap()
            .selectable()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            months,
            [
                "2026-02", "2026-01", "2025-12", "2025-11", "2025-10", "2025-09"
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_a_month() {
        for wrong in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "202611",
            "26-11",
            "2026-1",
            "2026-+1",
            "२०२६-११",
        ] {
            assert!(wrong.parse::<BillingMonth>().is_err(), "{wrong}");
        }
    }
}
