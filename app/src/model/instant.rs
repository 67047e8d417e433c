//! Instants and days as the wire carries them.
//!
//! The browser never does calendar arithmetic: the server formats with `jiff`, and these newtypes
//! only carry the text and cut it for display. That keeps a date library out of the WASM.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// An instant in Asia/Seoul, RFC 3339 with seconds: `2026-11-21T09:30:00+09:00`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T09:30:00+09:00")]
pub struct KstInstant(pub String);

impl KstInstant {
    /// The calendar day it falls on in Seoul.
    pub fn date(&self) -> KstDate {
        KstDate(self.0.get(..10).unwrap_or_default().to_owned())
    }

    /// The wall clock in Seoul: `09:30`.
    pub fn clock(&self) -> &str {
        self.0.get(11..16).unwrap_or_default()
    }
}

/// An existing calendar day, written `2026-11-21`; sorts chronologically.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = Date, example = "2026-11-21")]
pub struct KstDate(String);

impl KstDate {
    /// The text: `2026-11-21`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year, month and day without leading zeros, ready for `text::date`; `None` if malformed.
    pub fn parts(&self) -> Option<(u16, u8, u8)> {
        parts(&self.0)
    }
}

fn parts(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Some((year, month, day))
}

/// The text is not `YYYY-MM-DD`, or the day does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date is written YYYY-MM-DD")
    }
}

impl std::error::Error for NotADate {}

impl FromStr for KstDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for KstDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        let spelt = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let (year, month, day) = parts(&text).filter(|_| spelt).ok_or(NotADate)?;
        if (1..=days_of(year, month)).contains(&day) {
            Ok(Self(text))
        } else {
            Err(NotADate)
        }
    }
}

/// Days of a month; 0 for an invalid month.
fn days_of(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// A range of days in Seoul, both ends included; an absent end is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayRange {
    from: Option<KstDate>,
    to: Option<KstDate>,
}

impl DayRange {
    /// `None` if the last day lies before the first.
    pub fn new(from: Option<KstDate>, to: Option<KstDate>) -> Option<Self> {
        let is_reversed = from
            .as_ref()
            .zip(to.as_ref())
            .is_some_and(|(from, to)| to < from);
        (!is_reversed).then_some(Self { from, to })
    }

    /// The first day, if there is one.
    pub fn from(&self) -> Option<&KstDate> {
        self.from.as_ref()
    }

    /// The last day, if there is one.
    pub fn to(&self) -> Option<&KstDate> {
        self.to.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::{DayRange, KstDate};

    #[test]
    fn a_date_is_a_day_that_exists_in_one_spelling() {
        for day in ["2026-11-21", "2024-02-29", "2000-02-29", "9999-12-31"] {
            assert_eq!(day.parse::<KstDate>().unwrap().as_str(), day);
        }
        for wrong in [
            "",
            "20261121",
            "2026-11-1",
            "2026-11-31",
            "2026-02-29",
            "1900-02-29",
            "2026-00-01",
            "2026-13-01",
            "2026-11-00",
            "2026-11-21T00:00",
            "+026-11-21",
            "2026/11/21",
            "2026-11-2일",
        ] {
            assert!(wrong.parse::<KstDate>().is_err(), "{wrong}");
            assert!(
                serde_json::from_value::<KstDate>(wrong.into()).is_err(),
                "{wrong}"
            );
        }
        let day: KstDate = serde_json::from_str("\"2026-11-21\"").unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-11-21\"");
    }

    #[test]
    fn a_range_is_not_reversed() {
        let day = |text: &str| Some(text.parse::<KstDate>().unwrap());
        let one = DayRange::new(day("2026-11-01"), day("2026-11-01")).unwrap();
        assert_eq!(one.from(), one.to());
        assert!(DayRange::new(day("2026-11-02"), day("2026-11-01")).is_none());
        assert_eq!(DayRange::new(None, None), Some(DayRange::default()));
        assert!(DayRange::new(day("2026-11-02"), None).is_some());
    }
}
