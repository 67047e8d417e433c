//! The back end: one gateway, three features, and adapters to what they depend on.
//!
//! ```text
//! cli → bootstrap → http → auth · bill · product → kos · mvno · outbox · cache · resilience · db · telemetry
//!                                  → config · error · metrics · clock · ids · tasks · shutdown · crash_point
//! ```
//!
//! Arrows point one way (`cargo xtask lint` checks it); a feature never imports another.

#![warn(clippy::large_futures)]

pub mod auth;
pub mod bill;
#[expect(clippy::large_futures, reason = "runs once")]
pub mod bootstrap;
pub mod cache;
#[expect(clippy::large_futures, reason = "runs once")]
pub mod cli;
pub mod clock;
pub mod config;
pub mod crash_point;
pub mod db;
pub mod error;
pub mod http;
pub mod ids;
pub mod kos;
pub mod metrics;
pub mod mvno;
pub mod outbox;
pub mod product;
pub mod resilience;
pub mod shutdown;
pub mod tasks;
pub mod telemetry;
