//! Translation from KOS's shapes to the domain. Absent stays absent; amounts that do not add up, an
//! answer about another line, month or plan, and a missing identity make a bad answer.

mod bill;
mod change;
mod product;
mod words;

pub(super) use bill::bill;
pub(super) use change::{change, lookup};
pub(super) use product::{catalogue, line};

use super::{KosError, envelope::bad, wire::Text};
use app::model::{KstDate, LineNumber, ProductCode, ProductName};
use std::ops::Range;

/// Refuses an answer about another line. A masked or missing number proves nothing.
fn same_line(told: &Text, asked: &LineNumber) -> Result<(), KosError> {
    match told.0.as_deref().map(str::parse::<LineNumber>) {
        Some(Ok(line)) if line != *asked => Err(bad("the answer is about another line")),
        _ => Ok(()),
    }
}

fn product_code(told: &Text, field: &str) -> Result<ProductCode, KosError> {
    let code = told.0.as_deref().and_then(|code| code.parse().ok());
    code.ok_or_else(|| bad(&format!("{field} is no product code")))
}

/// A plan without a name is called by its code.
fn named(code: ProductCode, name: Text) -> ProductName {
    let name = name.0.unwrap_or_else(|| code.to_string());
    ProductName { code, name }
}

/// A day: `YYYYMMDD`, or `YYYY-MM-DD` with or without a time behind it.
fn date(told: &Text) -> Option<KstDate> {
    let text = told.0.as_deref()?;
    let digits = match text.len() {
        8 => text.to_owned(),
        _ => text.get(..10)?.replace('-', ""),
    };
    let part = |range: Range<usize>| digits.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    format!("{year}-{month}-{day}")
        .parse()
        .ok()
        .filter(|_| digits.len() == 8)
}

#[cfg(test)]
mod tests {
    use super::{date, same_line};
    use crate::kos::wire::Text;

    fn text(text: &str) -> Text {
        Text(Some(text.to_owned()))
    }

    #[test]
    fn days_in_three_forms() {
        for form in ["20260925", "2026-09-25", "2026-09-25T10:00:00+09:00"] {
            assert_eq!(date(&text(form)).unwrap().as_str(), "2026-09-25");
        }
        for wrong in [
            "20260931",
            "2026925",
            "soon",
            "2026-9-25",
            "매월 마지막 날 정산",
        ] {
            assert_eq!(date(&text(wrong)), None, "{wrong}");
        }
        assert_eq!(date(&Text(None)), None);
    }

    #[test]
    fn only_a_different_line_is_refused() {
        let asked = "01012345678".parse().unwrap();
        assert!(same_line(&text("010-1234-5678"), &asked).is_ok());
        assert!(same_line(&text("010****5678"), &asked).is_ok());
        assert!(same_line(&Text(None), &asked).is_ok());
        assert!(same_line(&text("01012345679"), &asked).is_err());
    }
}
