//! The MVNO AP server: results are delivered to it, signed, from the outbox.
//!
//! [`MvnoClient`] makes one attempt; when to try again and in what order is the outbox's business.

mod client;
mod signature;

pub use client::{DeliveryError, MvnoClient, OutgoingEvent};
