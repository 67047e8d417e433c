//! Names for amounts that KOS gives without one. A bill holds them in Korean, in the place of KOS's
//! own wording; a page shows them in the reader's language.

use super::english::amount_names as english;

/// The name of the charge `MONTHLY_FEE`.
pub const MONTHLY_FEE: &str = "월정액";
/// The name of the charge `USAGE_FEE`.
pub const USAGE_FEE: &str = "사용료";
/// The name of a discount that KOS gives as a sum only.
pub const DISCOUNT: &str = "요금 할인";
/// What a total holds besides the charges that KOS gives as sums.
pub const OTHER_CHARGES: &str = "그 밖의 요금";
/// What a total lacks besides the discounts that KOS gives as sums.
pub const OTHER_DISCOUNTS: &str = "그 밖의 할인";

/// The name of a charge or discount in English; `None` for KOS's own wording.
pub fn in_english(name: &str) -> Option<&'static str> {
    match name {
        MONTHLY_FEE => Some(english::MONTHLY_FEE),
        USAGE_FEE => Some(english::USAGE_FEE),
        DISCOUNT => Some(english::DISCOUNT),
        OTHER_CHARGES => Some(english::OTHER_CHARGES),
        OTHER_DISCOUNTS => Some(english::OTHER_DISCOUNTS),
        _ => None,
    }
}
