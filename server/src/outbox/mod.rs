//! Telling the MVNO AP server, at least once and per line in order.
//!
//! The life of an event: a feature [`enqueue`]s it in the transaction of the fact it tells and
//! rings the [`OutboxBell`]. The [`Relay`] takes lines that are due by a lease, those with the end of
//! a plan change first, delivers the first events of each in order with no transaction open, and
//! records by one commit what came of them. A failed delivery is retried after a growing pause;
//! meanwhile only its own line waits. After two days it is buried, and its line goes on. A worker
//! that dies holds its lines until the lease runs out; another one then delivers their events,
//! perhaps for the second time, under the same event id and with the same bytes.
//!
//! A look for work costs what it takes, however many events wait: they are found by their line
//! (`outbox_line`), and a line that pauses or is held is not looked at.
//!
//! [`lag`] tells how far behind delivery is; buried events wait for [`replay_dead`]; delivered ones
//! are removed after a week ([`RETAINED`]), and what is left is that they were, and when.

mod backoff;
mod bell;
mod event;
mod pace;
mod relay;
mod run;
mod store;
mod store_desk;
mod store_line;
mod store_retention;
mod worker;

pub use backoff::Backoff;
pub use bell::OutboxBell;
pub use event::{EventBody, EventKind, EventResult, NewEvent, StoredEvent};
pub use pace::RelayPace;
pub use relay::Relay;
pub use store::{delivered_at, enqueue, enqueue_all};
pub use store_desk::{DeadEvent, Lag, dead_events, lag, replay_dead};
pub use store_retention::RETAINED;
