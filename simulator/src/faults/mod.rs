//! Faults: which call fails, and how.
//!
//! A rule is one line of text, the same on the command line, on the control port and in tests:
//!
//! ```text
//! kos.change=hang                       every call
//! kos.bill=delay:500*3                  the next three calls
//! kos.change=lost_answer,ok,hang        a script: one step per call, then nothing
//! ap=error_before:429%10~7              ten in a hundred calls, by the fixed seed 7
//! kos=reset                             every operation of KOS
//! ```
//!
//! - [`operation`](self): [`Operation`] names a call, [`Scope`] a call or a whole system.
//! - `fault`: [`Fault`], the ways to fail.
//! - `rule`: [`FaultRule`], when a call fails, and its text.
//! - `schedule`: [`Faults`], the rules in force.

mod fault;
mod operation;
mod rule;
mod schedule;

pub use fault::Fault;
pub use operation::{Operation, Scope};
pub use rule::{FaultRule, NotAFaultRule};
pub use schedule::Faults;
