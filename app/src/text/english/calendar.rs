//! Months and days in English.

use crate::model::{BillingMonth, KstDate};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of month 1 to 12; `None` for any other number.
fn name(month: u8) -> Option<&'static str> {
    let index = usize::from(month).checked_sub(1)?;
    MONTHS.get(index).copied()
}

/// The first three letters of the name.
fn short(month: u8) -> Option<&'static str> {
    name(month)?.get(..3)
}

/// `November 2026`.
pub fn month(month: BillingMonth) -> String {
    format!("{} {}", month_name(month), month.year())
}

/// `November`.
pub fn month_name(month: BillingMonth) -> &'static str {
    name(month.month()).unwrap_or_default()
}

/// `Nov`.
pub fn short_month(month: BillingMonth) -> String {
    short(month.month()).unwrap_or_default().to_owned()
}

/// `21 Nov 2026`; `None` if the text is no date.
pub fn date(date: &KstDate) -> Option<String> {
    let (year, month, day) = date.parts()?;
    Some(format!("{day} {} {year}", short(month)?))
}
