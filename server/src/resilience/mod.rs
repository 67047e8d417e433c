//! Keeping a failing neighbour from taking this server with it. Knows nothing of telephones.
//!
//! - [`Breaker`]: stops calling who keeps failing, and tries again with a few probes.
//! - [`Dialling`]: a bounded number of connections that are being made.
//! - [`Duty`]: how long a worker beside the customers' path rests.
//! - [`Places`]: a bounded number of calls at once, and a bounded wait for one.
//! - [`Quota`]: so many calls a minute.
//! - [`RetryBudget`]: how many calls may be tried again.
//! - [`client_builder`]: an HTTP client that goes where it is told, once.

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
