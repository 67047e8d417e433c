//! The integration binary of the server: real databases, a real cache, real HTTP. What needs a process
//! of its own is in `tests/memory`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod auth;
mod bill;
mod cache;
mod db;
mod http;
mod kos;
mod mvno;
mod outbox;
mod process;
mod product;
mod shipped;
mod support;
mod surface;
