//! Protection against failing neighbours. Knows nothing of telephones.
//!
//! - [`Breaker`]: stops calling a neighbour that keeps failing, and tries again with a few probes.
//! - [`Dialling`]: a bounded number of connections that are being made.
//! - [`Duty`]: how long a background worker rests.
//! - [`Places`]: a bounded number of calls at once, and a bounded wait for one.
//! - [`Quota`]: calls per minute.
//! - [`RetryBudget`]: how many calls may be retried.
//! - [`client_builder`]: an HTTP client that uses no proxy, follows no redirect and retries nothing.

mod breaker;
mod dialling;
mod duty;
mod outgoing;
mod places;
mod quota;
mod retry_budget;

pub use breaker::{Breaker, BreakerState, Refused, Snapshot, Ticket, Unsettled};
pub use dialling::Dialling;
pub use duty::Duty;
pub use outgoing::client_builder;
pub use places::Places;
pub use quota::Quota;
pub use retry_budget::RetryBudget;
