//! The integration tests of the server: real databases, a real cache, real HTTP. Only `tests/memory` needs
//! a separate process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod auth;
mod bill;
#[path = "../binary.rs"]
mod binary;
mod cache;
mod db;
mod http;
mod kos;
mod mvno;
mod outbox;
mod process;
mod product;
mod shipped;
#[path = "../signals.rs"]
mod signals;
mod support;
mod surface;
