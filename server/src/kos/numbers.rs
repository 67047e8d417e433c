//! Quantities in the forms KOS gives them.
//!
//! Every function takes any JSON value. `null` and an absent field are "absent". What cannot be
//! read with certainty is an error for money, and "absent" elsewhere.

use super::korean_words;
use app::model::{Allowance, Won};
use serde_json::Value;

/// Megabytes in a gigabyte.
const MB_IN_GB: f64 = 1024.0;
/// The largest whole number that a JSON number carries exactly (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The value is no whole amount of won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotWon;

/// An amount: `69000`, `69000.00`, `"69000.00"`, `"69,000"`.
///
/// # Errors
/// [`NotWon`] for anything else, parts of a won among it: nothing is rounded.
pub(super) fn won(value: &Value) -> Result<Option<Won>, NotWon> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_f64().map_or(Err(NotWon), whole).map(Some),
        Value::String(text) => {
            let text = text.trim().trim_end_matches(app::text::WON).trim_end();
            if text.is_empty() {
                return Ok(None);
            }
            decimal(text).map_or(Err(NotWon), whole).map(Some)
        }
        _ => Err(NotWon),
    }
}

fn whole(number: f64) -> Result<Won, NotWon> {
    if number.fract() == 0.0 && number.abs() < EXACT {
        Ok(Won(number as i64))
    } else {
        Err(NotWon)
    }
}

/// A count that is never negative: `12`, `"12"`, `12.0`.
pub(super) fn count(value: &Value) -> Option<u64> {
    let (number, unit) = measure(value)?;
    (unit.is_empty() && number.fract() == 0.0).then_some(number as u64)
}

/// Used data in megabytes: `37GB`, `1.5GB`, `500MB`. Ambiguous without a unit.
pub(super) fn data_mb(value: &Value) -> Option<u64> {
    megabytes(measure(value)?, None)
}

/// Used minutes: `120`, and `120` with the word for minutes.
pub(super) fn minutes(value: &Value) -> Option<u64> {
    counted(value, &["min", "minutes", korean_words::MINUTES])
}

/// Used messages: `33`, and `33` with the word for messages.
pub(super) fn messages(value: &Value) -> Option<u64> {
    counted(value, &[korean_words::MESSAGES])
}

/// An allowance of data in megabytes; a number without a unit is gigabytes.
pub(super) fn data_allowance(value: &Value) -> Allowance {
    allowance(value, |value| megabytes(measure(value)?, Some(MB_IN_GB)))
}

/// An allowance of minutes.
pub(super) fn voice_allowance(value: &Value) -> Allowance {
    allowance(value, minutes)
}

/// An allowance of messages.
pub(super) fn sms_allowance(value: &Value) -> Allowance {
    allowance(value, messages)
}

/// An allowance of the structured usage, already in its unit; `null` is unlimited.
pub(super) fn plain_allowance(value: Option<&Value>) -> Allowance {
    match value {
        None => Allowance::Unknown,
        Some(Value::Null) => Allowance::Unlimited,
        Some(value) => allowance(value, count),
    }
}

/// Both sides of `5.2GB/10GB`; a text without a slash is used alone.
pub(super) fn used_and_allowance(value: &Value) -> (Value, Value) {
    match value {
        Value::String(text) => match text.split_once('/') {
            Some((used, allowance)) => (used.into(), allowance.into()),
            None => (value.clone(), Value::Null),
        },
        _ => (value.clone(), Value::Null),
    }
}

fn allowance(value: &Value, read: impl Fn(&Value) -> Option<u64>) -> Allowance {
    if is_unlimited(value) {
        Allowance::Unlimited
    } else {
        read(value).map_or(Allowance::Unknown, Allowance::Limited)
    }
}

fn is_unlimited(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64() == Some(-1.0),
        Value::String(text) => {
            let text = text.trim();
            text.contains(korean_words::UNLIMITED)
                || text.eq_ignore_ascii_case("unlimited")
                || decimal(text) == Some(-1.0)
        }
        _ => false,
    }
}

fn counted(value: &Value, units: &[&str]) -> Option<u64> {
    let (number, unit) = measure(value)?;
    let known = unit.is_empty() || units.iter().any(|known| unit.eq_ignore_ascii_case(known));
    (known && number.fract() == 0.0).then_some(number as u64)
}

fn megabytes((number, unit): (f64, &str), without_unit: Option<f64>) -> Option<u64> {
    let factor = match unit.to_ascii_uppercase().as_str() {
        "" => without_unit?,
        "KB" => 1.0 / 1024.0,
        "M" | "MB" => 1.0,
        "G" | "GB" => MB_IN_GB,
        "T" | "TB" => MB_IN_GB * 1024.0,
        _ => return None,
    };
    Some((number * factor).round() as u64)
}

/// A number that is not negative, and the text behind it.
fn measure(value: &Value) -> Option<(f64, &str)> {
    let (number, unit) = match value {
        Value::Number(number) => (number.as_f64()?, ""),
        Value::String(text) => {
            let text = text.trim();
            let end = text
                .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
                .unwrap_or(text.len());
            let (number, unit) = text.split_at(end);
            (decimal(number)?, unit.trim())
        }
        _ => return None,
    };
    (0.0..EXACT).contains(&number).then_some((number, unit))
}

/// Digits with at most one point, optionally in groups of three, optionally with a minus; no other
/// form that Rust parses as a float.
fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let well_formed = is_digits(fraction)
        && groups.next().is_some_and(is_digits)
        && groups.all(|group| group.len() == 3 && is_digits(group));
    if !well_formed {
        return None;
    }
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::model::Allowance as A;
    use serde_json::json;

    #[test]
    fn money_is_read_exactly_or_not_at_all() {
        let parsed: Value = serde_json::from_str("69000.00").unwrap();
        assert_eq!(won(&parsed), Ok(Some(Won(69_000))));
        for (value, amount) in [
            (json!(69_000), Some(69_000)),
            (json!(69_000.0), Some(69_000)),
            (json!("69000.00"), Some(69_000)),
            (json!("69,000"), Some(69_000)),
            (json!(" 69,000원 "), Some(69_000)),
            (json!(-5_000), Some(-5_000)),
            (json!("-5000.0"), Some(-5_000)),
            (json!(0), Some(0)),
            (json!(null), None),
            (json!(""), None),
        ] {
            assert_eq!(won(&value), Ok(amount.map(Won)), "{value}");
        }
        for value in [
            json!(69_000.5),
            json!("69000.01"),
            json!("abc"),
            json!("inf"),
            json!("1e3"),
            json!("."),
            json!("69,00"),
            json!(i64::MIN),
            json!(1e300),
            json!(true),
            json!([1]),
            json!({}),
        ] {
            assert_eq!(won(&value), Err(NotWon), "{value}");
        }
    }

    #[test]
    fn used_quantities_are_read_only_when_clear() {
        for (value, mb) in [
            (json!("37GB"), Some(37 * 1024)),
            (json!("1.5GB"), Some(1_536)),
            (json!("1.5 gb"), Some(1_536)),
            (json!("500MB"), Some(500)),
            (json!("0GB"), Some(0)),
            (json!("37"), None),
            (json!(37), None),
            (json!("무제한"), None),
            (json!("-1"), None),
            (json!("about 3GB"), None),
            (json!("1,5GB"), None),
            (json!(null), None),
        ] {
            assert_eq!(data_mb(&value), mb, "{value}");
        }
        for (value, used) in [
            (json!("120분"), Some(120)),
            (json!("1,200분"), Some(1_200)),
            (json!("120"), Some(120)),
            (json!(120), Some(120)),
            (json!("2시간"), None),
            (json!("2시간 5분"), None),
            (json!("120초"), None),
            (json!(-1), None),
        ] {
            assert_eq!(minutes(&value), used, "{value}");
        }
        assert_eq!(messages(&json!("33건")), Some(33));
        assert_eq!(messages(&json!("33분")), None);
    }

    #[test]
    fn allowances_tell_unlimited_from_unknown() {
        for (value, data) in [
            (json!(-1), A::Unlimited),
            (json!("-1"), A::Unlimited),
            (json!(-1.0), A::Unlimited),
            (json!("무제한"), A::Unlimited),
            (json!("데이터 무제한"), A::Unlimited),
            (json!("Unlimited"), A::Unlimited),
            (json!(100), A::Limited(102_400)),
            (json!("100"), A::Limited(102_400)),
            (json!("100GB"), A::Limited(102_400)),
            (json!(1.5), A::Limited(1_536)),
            (json!("500MB"), A::Limited(500)),
            (json!(null), A::Unknown),
            (json!(-2), A::Unknown),
            (json!("plenty"), A::Unknown),
        ] {
            assert_eq!(data_allowance(&value), data, "{value}");
        }
        assert_eq!(voice_allowance(&json!("300분")), A::Limited(300));
        assert_eq!(sms_allowance(&json!(0)), A::Limited(0));
        assert_eq!(plain_allowance(None), A::Unknown);
        assert_eq!(plain_allowance(Some(&json!(null))), A::Unlimited);
        assert_eq!(plain_allowance(Some(&json!(7))), A::Limited(7));
    }

    #[test]
    fn a_slash_parts_used_from_included() {
        let (used, included) = used_and_allowance(&json!("5.2GB / 10GB"));
        assert_eq!(data_mb(&used), Some(5_325));
        assert_eq!(data_allowance(&included), A::Limited(10_240));
    }
}
