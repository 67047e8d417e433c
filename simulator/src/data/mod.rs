//! The data of the stand-ins, computed from the line number: nothing is stored, so any number of
//! customers costs nothing, and every restart gives the same answers.
//!
//! - `line`: [`LineNumber`] and the meaning of its last digits.
//! - `month`: billing months as numbers.
//! - `plans`: the price list of two operators.
//! - `customers`: the holders of lines, and their habits; the demo lines.
//! - `commitments`: contracts and handset instalments over the months.
//! - `usage`: the usage of a month.
//! - `bills`: the bill of a month.
//! - `wording`: KOS's Korean texts: result messages, usage as text.
//! - `invariants` (tests): invariants of every line and month.

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
