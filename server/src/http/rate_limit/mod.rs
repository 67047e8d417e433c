//! Rate limits: per address, per login id, per session, and for everybody together.
//!
//! ```text
//! layer (shield, enforce) → limiter → shared (gcra.lua in Redis) ─┐
//!                                   └ local (while Redis is away) ─┴→ gcra, one rule for both
//! ```
//!
//! With Redis every replica counts in the same place, by Redis's clock, in one script: limits are exact
//! for any number of replicas. Without it, or while it fails, each replica counts for itself against its
//! share of the limit. Never unlimited, never closed.

mod counters;
mod fields;
mod gcra;
mod layer;
mod limiter;
mod local;
mod rules;
mod shared;

pub use gcra::{Decision, Quota};
pub use limiter::{Answered, RateLimiter};
pub use rules::{Ask, Limit};
pub use shared::SharedBuckets;

pub(super) use layer::{enforce, login_attempt, login_failed, shield};
