//! Keeping a failing neighbour from taking this server with it. Knows nothing of telephones.
//!
//! - [`Breaker`]: stops calling who keeps failing, and tries again with a few probes.
//! - [`Places`]: a bounded number of calls at once, and a bounded wait for one.

mod breaker;
mod places;

pub use breaker::{Breaker, BreakerState, Refused, Snapshot, Ticket, Unsettled};
pub use places::Places;
