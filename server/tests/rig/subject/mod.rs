//! The subject: the real binary over a real database, between stand-ins whose ledgers this process holds.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `process` | one life of `phonebill serve` |
//! | `database` | a seeded database that is reset for each trial |
//! | `record_store` | reads it for the judge |
//! | `customer` | a customer who presses, looks and records what was shown |
//! | `customers` | one customer per line, all at once |
//! | `stand_ins` | KOS and the AP server, with their ledgers |
//! | `fleet` | several replicas on one database |
//! | `trial` | a whole trial: lives, snapshots, the verdict |

mod customer;
mod customers;
mod database;
mod fleet;
mod process;
mod record_store;
mod stand_ins;
mod trial;

pub use customer::{Answer, Customer, Press};
pub use customers::Customers;
pub use database::{Backend, Blank, Line, Seeded};
pub use fleet::Fleet;
pub use process::{Fate, Setup};
pub use record_store::Connection;
pub use stand_ins::{StandIns, each_with_chance};
pub use trial::{Trial, Verdict, Waited};
