//! Phone lines.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// A mobile number: `010` and eight digits.
///
/// `Debug` masks it, so that a log line or a panic cannot carry a customer's number; only
/// [`LineNumber::as_str`] and [`LineNumber::dashed`] return the clear text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^010[0-9]{8}$", example = "01012345678")]
pub struct LineNumber(String);

impl LineNumber {
    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a customer reads it: `010-1234-5678`.
    pub fn dashed(&self) -> String {
        format!("{}-{}-{}", &self.0[..3], &self.0[3..7], &self.0[7..])
    }

    /// As a log may carry it: `010-****-5678`.
    pub fn masked(&self) -> String {
        format!("010-****-{}", &self.0[7..])
    }
}

impl fmt::Debug for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The text is not `010` and eight digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALineNumber;

impl fmt::Display for NotALineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line number is 010 and eight digits")
    }
}

impl std::error::Error for NotALineNumber {}

impl FromStr for LineNumber {
    type Err = NotALineNumber;

    /// Accepts the digits with or without the two dashes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        let digits = match bytes.len() {
            11 => text.to_owned(),
            13 if bytes[3] == b'-' && bytes[8] == b'-' => text.replacen('-', "", 2),
            _ => return Err(NotALineNumber),
        };
        let well_formed = digits.len() == 11
            && digits.starts_with("010")
            && digits.bytes().all(|b| b.is_ascii_digit());
        well_formed.then_some(Self(digits)).ok_or(NotALineNumber)
    }
}

impl TryFrom<String> for LineNumber {
    type Error = NotALineNumber;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LineNumber> for String {
    fn from(line: LineNumber) -> Self {
        line.0
    }
}

/// The opaque name of a line in URLs and requests; it does not reveal the number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct LineId(pub String);

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of the signed-in customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub line_id: LineId,
    pub line_number: LineNumber,
}

/// Whether a line is in use, as KOS reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineStatus {
    Active,
    Suspended,
    Terminated,
}

#[cfg(test)]
mod tests {
    use super::LineNumber;

    #[test]
    fn reads_both_forms_and_nothing_else() {
        assert_eq!(
            "010-1234-5678".parse::<LineNumber>().unwrap().as_str(),
            "01012345678"
        );
        assert_eq!(
            "01012345678".parse::<LineNumber>().unwrap().dashed(),
            "010-1234-5678"
        );
        for wrong in [
            "",
            "0101234567",
            "01112345678",
            "010-12345-678",
            "0101234567a",
            "010–1234–5678",
        ] {
            assert!(wrong.parse::<LineNumber>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn debug_never_shows_the_number() {
        let line: LineNumber = "01012345678".parse().unwrap();
        assert_eq!(format!("{line:?}"), "010-****-5678");
    }
}
