//! What the rig itself must be able to do: find each planted violation, replay each seed. The
//! program that uses it is `main.rs`, beside this file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faultless_history;
mod laws;
mod laws_are_enforced;
