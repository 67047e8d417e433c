//! Stand-ins for the two systems the product talks to: KOS-Order and the MVNO AP server.
//!
//! Both speak real HTTP on their own ports and share no type with the server: the contract is
//! `docs/kos-contract.md` and the files in `fixtures/`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `capabilities` | what KOS can do beyond the base contract: K1 to K4 |
//! | [`start`] | configuration, [`start()`], the running [`Simulator`] |
//! | `kos` | KOS-Order: routes, envelope, bill, product, change |
//! | `ap` | the MVNO AP server: signed results |
//! | `data` | customers, plans, bills and usage, all computed from the line number |
//! | [`ledger`] | what was really applied and received, written before the call is answered |
//! | [`journal`] | every request that arrived, in memory |
//! | [`faults`] | which call goes wrong, and how |
//! | [`fault_proxy`] | a TCP proxy that goes wrong on command, for the tests of the server |
//! | `stage` | runs one call under the fault chosen for it |
//! | `connection` | a TCP connection that can be cut without an answer |
//! | `control` | the HTTP port that sets faults and shows ledger and journal |
//! | [`clock`] | the wall clock in Seoul, or a fixed one |
//!
//! # Lines
//! Every well-formed line (`010` and eight digits) exists, except those ending in `0000`. Lines
//! ending in `8888` are suspended, those ending in `9999` terminated. [`NO_BILL_LINE`] has no bill
//! for the month [`NO_BILL_MONTHS_BACK`] months before the current one.
//! A suspended line can be read, but not changed (2002); a terminated one answers 1002, 2002, 3002.

mod ap;
mod capabilities;
mod chance;
pub mod clock;
mod connection;
mod control;
mod data;
pub mod fault_proxy;
pub mod faults;
pub mod journal;
mod kos;
pub mod ledger;
mod stage;
pub mod start;

pub use capabilities::{Capabilities, Fact};
pub use clock::Clock;
pub use data::{
    DemoCustomer, LineNumber, LineStatus, NO_BILL_LINE, NO_BILL_MONTHS_BACK, NotALineNumber,
    demo_customer,
};
pub use faults::{Fault, FaultRule, Faults, NotAFaultRule, Operation, Scope};
pub use journal::{Journal, ReceivedRequest};
pub use ledger::{ApEvent, ChangeApplied, ChangeAttempt, ChangeRefused, Ledger};
pub use start::{Simulator, SimulatorConfig, start};
