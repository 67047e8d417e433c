//! The product as it is: the real binary as a process of its own, over a real database, between
//! stand-ins whose ledgers this process holds.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `process` | one life of `phonebill serve`, and how it ends |
//! | `database` | a seeded database, again and again as if it were new |
//! | `record_store` | reading it, as the judge wants it |
//! | `customer` | who presses, looks and notes what he was shown |
//! | `stand_ins` | KOS and the AP server, and what their ledgers say |
//! | `trial` | all of it together: lives, moments, the verdict |

mod customer;
mod database;
mod process;
mod record_store;
mod stand_ins;
mod trial;

pub use customer::{Customer, Press};
pub use database::{Backend, Line, Seeded};
pub use process::Setup;
pub use stand_ins::StandIns;
pub use trial::{Trial, Verdict, Waited};
