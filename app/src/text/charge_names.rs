//! Names of charges and discounts that KOS reports as amounts without a name.

/// The charge `MONTHLY_FEE`.
pub const MONTHLY_FEE: &str = "월정액";
/// The charge `USAGE_FEE`.
pub const USAGE_FEE: &str = "사용료";
/// A discount that KOS reports as a sum only.
pub const DISCOUNT: &str = "요금 할인";
/// What the total contains beyond the charges KOS reports.
pub const OTHER_CHARGES: &str = "그 밖의 요금";
/// What the total lacks beyond the discounts KOS reports.
pub const OTHER_DISCOUNTS: &str = "그 밖의 할인";
