//! The product as it is: the real binary as a process of its own, over a real database, between
//! stand-ins whose ledgers this process holds.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `process` | one life of `phonebill serve`, and how it ends |
//! | `database` | a seeded database, again and again as if it were new |
//! | `record_store` | reading it, as the judge wants it |
//! | `customer` | who presses, looks and notes what he was shown |
//! | `customers` | one per line, who press, look and press again |
//! | `stand_ins` | KOS and the AP server, and what their ledgers say |
//! | `fleet` | several replicas that live, die and stand still |
//! | `trial` | all of it together: lives, moments, the verdict |

mod customer;
mod customers;
mod database;
mod fleet;
mod process;
mod record_store;
mod stand_ins;
mod trial;

pub use customer::{Customer, Press};
pub use customers::Customers;
pub use database::{Backend, Blank, Seeded};
pub use fleet::Fleet;
pub use process::{Fate, Setup};
pub use record_store::Connection;
pub use stand_ins::{StandIns, each_with_chance};
pub use trial::{Trial, Verdict, Waited};
