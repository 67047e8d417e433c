//! Billing months as numbers, so that going back is a subtraction.

use jiff::civil::{Date, date};
use std::fmt;

/// Months since year 0. `Display` is the wire's `YYYYMM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Month(i32);

impl Month {
    /// The number of months with bills: the current one and five before it.
    pub(crate) const BILLED: i32 = 6;

    pub(crate) fn of(day: Date) -> Self {
        Self(i32::from(day.year()) * 12 + i32::from(day.month()) - 1)
    }

    /// `YYYYMM`; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number: i32 = digits.then(|| text.parse().ok()).flatten()?;
        let (year, month) = (number / 100, number % 100);
        (year > 0 && (1..=12).contains(&month)).then_some(Self(year * 12 + month - 1))
    }

    pub(crate) fn back(self, months: i32) -> Self {
        Self(self.0 - months)
    }

    /// The number of months from `self` to `later`.
    pub(crate) fn before(self, later: Self) -> i32 {
        later.0 - self.0
    }

    pub(crate) fn number(self) -> i32 {
        self.0
    }

    fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The day of the month, or the last day of a shorter month.
    pub(crate) fn day(self, day: u8) -> Date {
        let first = i16::try_from(self.year())
            .ok()
            .zip(i8::try_from(self.month()).ok())
            .map_or(Date::MIN, |(year, month)| date(year, month, 1));
        let day = i8::try_from(day)
            .unwrap_or(i8::MAX)
            .min(first.days_in_month());
        first.with().day(day.max(1)).build().unwrap_or(first)
    }

    /// `YYYY-MM`, the form of the list of available months.
    pub(crate) fn dashed(self) -> String {
        format!("{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year(), self.month())
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months_cross_the_year_and_short_months_end_early() {
        let january = Month::parse("202601").unwrap();
        assert_eq!(january.back(1).to_string(), "202512");
        assert_eq!(january.back(1).dashed(), "2025-12");
        assert_eq!(january.back(2).before(january), 2);
        assert_eq!(
            Month::parse("202602").unwrap().day(31).to_string(),
            "2026-02-28"
        );
        for malformed in [
            "2026-1", "202613", "202600", "000001", "20261", "2026011", "+20261",
        ] {
            assert_eq!(Month::parse(malformed), None, "{malformed}");
        }
    }
}
