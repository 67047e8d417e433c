//! Bill inquiry: what a customer's line cost in a month, and the record of every inquiry.
//!
//! [`BillInquiry`] implements the port. A bill is asked for through [`crate::kos::KosFacts`], put
//! into the words of the product (`answer`) and beside the other months (`comparison`), written as JSON (`written`), and answered; its record
//! and its event for the MVNO AP server are safe from a kill before the answer leaves (`journal`)
//! and reach the database beside the customer's path (`recorder`, `store_inquiry`); `measures` tell
//! how far that is behind.

mod answer;
mod comparison;
mod journal;
mod measures;
mod month_range;
mod record;
mod recorder;
mod service;
mod store_inquiry;
mod written;

pub use service::BillInquiry;
