//! Tests of the rig itself: it must find each planted violation and replay each seed. The program that
//! uses it is `main.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faultless_history;
mod laws;
mod laws_are_enforced;
