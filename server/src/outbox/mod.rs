//! Delivery of events to the MVNO AP server, at least once and in order per line.
//!
//! The life of an event: a feature [`enqueue`]s it in the transaction of the fact it reports and
//! rings the [`OutboxBell`]. The [`Relay`] leases lines that are due, those with the end of a plan
//! change first, delivers the first events of each in order with no transaction open, and records
//! the results in one commit. A failed delivery is retried after a growing pause; meanwhile only
//! its own line waits. After two days it is dead, and its line goes on. A worker that dies holds
//! its lines until the lease runs out; another one then delivers their events, perhaps for the
//! second time, under the same event id and with the same bytes. A worker that is stopped gives them
//! back; what is under way by then and does not end soon counts as failed.
//!
//! Looking for work costs the same however many events wait: work is found by line (`outbox_line`),
//! and a line that pauses or is leased is skipped.
//!
//! [`lag`] reports how far delivery is behind; dead events wait for [`replay_dead`]; delivered ones
//! are removed after a week ([`RETAINED`]), leaving only that they were delivered, and when.

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
