//! The MVNO AP server: results are delivered to it, signed, from the outbox.
//!
//! [`MvnoClient`] makes one attempt; the outbox decides when to retry and in what order.

mod client;
mod signature;

pub use client::{DeliveryError, MvnoClient, OutgoingEvent};
