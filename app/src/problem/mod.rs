//! The only error that leaves the server: an RFC 9457 problem.
//!
//! It is tier 3 of three (`docs/adr/0005`). It has no field for a cause, so no SQL, host name or KOS
//! text reaches a customer. Status and title are functions of the code; so is the sentence, unless one
//! wrong field ([`Problem::validation`]) or the reason of a refusal ([`Problem::rejected`]) replaces it.

mod code;
mod wire;

pub use code::ProblemCode;
pub use wire::{FieldCode, FieldProblem, Problem};
