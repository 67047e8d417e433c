//! What the stand-ins know, computed from the line number: nothing is stored, so any number of
//! customers costs nothing, and every restart tells the same.
//!
//! - `line`: [`LineNumber`] and what its last digits mean.
//! - `month`: billing months as numbers.
//! - `plans`: the price list of two operators.
//! - `customers`: who holds a line, and their habits; the demo lines.
//! - `commitments`: contracts and handset instalments over the months.
//! - `usage`: what was used in a month.
//! - `bills`: the bill of a month.
//! - `wording`: KOS's Korean words: result messages, usage as text.
//! - `invariants` (tests): what holds for every line and month.

mod bills;
mod commitments;
mod customers;
#[cfg(test)]
mod invariants;
mod line;
mod month;
mod plans;
mod usage;
pub(crate) mod wording;

pub(crate) use bills::{Bill, Charge, PaymentStatus, bill};
pub(crate) use commitments::contract;
pub(crate) use customers::{Customer, customer};
pub(crate) use month::Month;
pub(crate) use plans::{Operator, PLANS, Plan, SaleStatus, plan};

pub use customers::{DemoCustomer, NO_BILL_LINE, NO_BILL_MONTHS_BACK, demo_customer};
pub use line::{LineNumber, LineStatus, NotALineNumber};
