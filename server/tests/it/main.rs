//! The only integration binary of the server: real databases, a real cache, real HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod bill;
mod cache;
mod db;
mod kos;
mod mvno;
mod support;
