//! The only error that leaves the server: an RFC 9457 problem.
//!
//! It is tier 3 of three (see `docs/ARCHITECTURE.md`): it has no field that could hold a cause, so
//! no SQL, host name or KOS text can reach a customer. Status, title and sentence are functions of
//! the code and cannot disagree with it.

mod code;
mod wire;

pub use code::ProblemCode;
pub use wire::{FieldCode, FieldProblem, Problem};
