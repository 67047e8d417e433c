//! Money.

use serde::{Deserialize, Serialize};
use std::{
    fmt,
    iter::Sum,
    ops::{Add, Neg, Sub},
};
use utoipa::ToSchema;

/// An amount in Korean won. Won has no smaller unit, so an integer is exact.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(transparent)]
pub struct Won(pub i64);

impl Won {
    /// The digits with thousands separators and no unit: `72,500`, `-3,300`.
    pub fn digits(self) -> String {
        let raw = self.0.unsigned_abs().to_string();
        let mut out = String::with_capacity(raw.len() + raw.len() / 3 + 1);
        if self.0 < 0 {
            out.push('-');
        }
        for (index, digit) in raw.chars().enumerate() {
            if index > 0 && (raw.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    /// The amount without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl fmt::Display for Won {
    /// `72,500원`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.digits(), crate::text::WON)
    }
}

impl Add for Won {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Won {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Won {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Won {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Won;

    #[test]
    fn groups_digits_by_three() {
        for (won, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (72_500, "72,500"),
            (-3_300, "-3,300"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(Won(won).digits(), text);
        }
    }
}
