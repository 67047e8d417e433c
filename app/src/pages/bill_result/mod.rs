//! SCR-004: the bill of a line and month.
//!
//! - `page`: reads the address and makes the inquiry
//! - `inquiry`: arranges its result: `months`, `headline`, `trend`, `charges`, `usage`, `terms`

mod amount_name;
mod charges;
mod headline;
mod inquiry;
mod months;
mod page;
mod terms;
mod trend;
mod usage;

pub use page::BillResult;
