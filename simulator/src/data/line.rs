//! Line numbers, and the meaning of their last digits.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `010` and eight digits. `Debug` masks the middle, so that logs contain no phone number.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LineNumber(String);

/// Whether a line is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineStatus {
    Active,
    Suspended,
    Terminated,
}

impl LineNumber {
    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The seed of everything generated for the line.
    pub(crate) fn seed(&self) -> u64 {
        self.0
            .bytes()
            .fold(0, |seed, digit| seed * 10 + u64::from(digit - b'0'))
    }

    /// `None` if KOS has no such line.
    pub(crate) fn status(&self) -> Option<LineStatus> {
        match self.seed() % 10_000 {
            0 => None,
            8888 => Some(LineStatus::Suspended),
            9999 => Some(LineStatus::Terminated),
            _ => Some(LineStatus::Active),
        }
    }
}

impl fmt::Debug for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "010-****-{}", self.0.get(7..).unwrap_or_default())
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
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let well_formed = text.len() == 11
            && text.starts_with("010")
            && text.bytes().all(|byte| byte.is_ascii_digit());
        well_formed
            .then(|| Self(text.to_owned()))
            .ok_or(NotALineNumber)
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
