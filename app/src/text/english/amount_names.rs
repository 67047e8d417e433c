//! Names for amounts that KOS gives without one, in English.

pub const MONTHLY_FEE: &str = "Monthly fee";
pub const USAGE_FEE: &str = "Usage charges";
pub const DISCOUNT: &str = "Discount";
pub const OTHER_CHARGES: &str = "Other charges";
pub const OTHER_DISCOUNTS: &str = "Other discounts";
