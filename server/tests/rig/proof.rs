//! Tests of the rig itself: it must find each planted violation and replay each seed. The program that
//! uses it is `main.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "soak/answers.rs"]
mod answers;
mod faultless_history;
mod laws;
mod laws_are_enforced;
mod soak_is_judged;
