//! Telling the MVNO AP server, at least once and per line in order.
//!
//! The life of an event: a feature [`enqueue`]s it in the transaction of the fact it tells and
//! rings the [`OutboxBell`]. The [`Relay`] claims the first waiting event of each line by a lease,
//! delivers it with no transaction open, and settles it. A failed delivery is retried after a
//! growing pause; meanwhile only its own line waits. After two days it is buried, and its line goes
//! on. A worker that dies holds its events until the lease runs out; another one then delivers
//! them, perhaps for the second time, under the same event id and with the same bytes.
//!
//! [`lag`] tells how far behind delivery is; buried events wait for [`replay_dead`]; delivered ones
//! are removed after a week ([`RETAINED`]), and what is left is that they were, and when.

mod backoff;
mod bell;
mod event;
mod relay;
mod store;
mod store_desk;
mod store_retention;

pub use backoff::Backoff;
pub use bell::OutboxBell;
pub use event::{EventKind, EventResult, NewEvent, StoredEvent};
pub use relay::{Relay, RelayPace};
pub use store::{delivered_at, enqueue, enqueue_all};
pub use store_desk::{DeadEvent, Lag, dead_events, lag, replay_dead};
pub use store_retention::RETAINED;
