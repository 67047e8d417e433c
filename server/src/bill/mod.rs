//! Bill inquiry: what a customer's line cost in a month, and the record of every inquiry.
//!
//! [`BillInquiry`] implements the port. A bill is loaded through [`crate::kos::KosFacts`],
//! converted (`answer`), compared with the other months (`comparison`) and serialised (`written`);
//! `recent` reads what bears on a change of plan.
//! Its record and its event for the MVNO AP server are safe from a kill before the answer leaves
//! (`journal`), and reach the database in the background (`recorder`, `store_inquiry`), also those of
//! killed processes (`adoption`); `measures` shows how far that is behind.

mod adoption;
mod answer;
mod comparison;
mod journal;
mod measures;
mod month_range;
mod recent;
mod record;
mod recorder;
mod service;
mod store_inquiry;
mod written;

pub use service::BillInquiry;
