//! A circuit breaker.
//!
//! ```text
//!            rate of failures or of slow calls ≥ threshold
//!  Closed ────────────────────────────────────────────────▶ Open ◀────────────┐
//!    ▲                                                       │ wait ±10 %     │
//!    │  all probes back, both rates below                    ▼                │
//!    └──────────────────────────────────────────────────  HalfOpen ───────────┘
//!                                                     all probes back, a rate ≥ threshold
//! ```
//!
//! - Rates are over the last `window` finished calls, and decide from `minimum_calls` on. The
//!   window slides by one call at a time.
//! - A call is slow when it took longer than `slow_call`, whatever it answered.
//! - Half-open lets `probes` calls through and judges them together. A probe that has not reported
//!   within its lease (deadline + [`LEASE_SLACK`]) counts as failed: half-open cannot hang.
//! - Every change of state starts a generation. A result of an earlier one is counted and changes
//!   nothing else.
//! - A [`Ticket`] dropped without a word (cancelled, panicked) counts as a failure; one whose call was
//!   not made after all is given back ([`Ticket::unused`]) and counts as nothing.
//!
//! `window` holds the outcomes, `machine` is the pure function of (state, event, now), `handle`
//! gives it a clock, chance, a lock and a log, `ticket` is what a call holds. Tests: `model` is the
//! naive twin they compare with (`volume`: often), `transitions` has the cases of resilience4j, and
//! `spread` looks at the chance.

mod handle;
mod machine;
#[cfg(test)]
mod model;
#[cfg(test)]
mod spread;
mod ticket;
#[cfg(test)]
mod transitions;
#[cfg(test)]
mod volume;
mod window;

pub use handle::{Breaker, Refused, Snapshot, Unsettled};
pub use machine::BreakerState;
pub use ticket::Ticket;

/// How long after its deadline a probe is still waited for.
pub const LEASE_SLACK: std::time::Duration = std::time::Duration::from_millis(250);
