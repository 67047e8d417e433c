//! The KOS-Order client: the only module that knows its HTTP and its vocabulary.
//!
//! ```text
//! feature ─▶ client ─▶ call: deadline ▶ place ▶ breaker ▶ quota ▶ connection ▶ whole body
//!               │                                                          │
//!               │        envelope: status, result code (code), JSON (spelling) ◀┘
//!               │             │ wire shapes
//!               ▼             ▼
//!            answer ◀── translate (numbers, words)          error: every other end
//! ```
//!
//! - Inquiries and changes have connections, places and deadlines of their own; each operation has
//!   a breaker. An inquiry that failed in passing is asked once more, within its deadline and out of
//!   a budget of a tenth of all inquiries; a change is never sent twice, and an unclear one is
//!   settled by asking.
//! - A base KOS suffices: what only an extended one tells is optional here. What is not told stays
//!   not told, and a bill whose amounts do not add up is no answer.
//! - [`KosFacts`] (`facts`) puts answers behind the cache, with the time to live of each kind;
//!   refusals and failures are never kept. A line is asked about as its customer's ([`HeldLine`]):
//!   where KOS names another customer, the answer is that there is no such line.
//! - No error carries a line number, a name or a body.

mod answer;
mod ask;
mod cache_keys;
mod call;
mod client;
mod code;
mod collector;
mod ended;
mod envelope;
mod error;
mod facts;
#[cfg(test)]
mod fixtures;
mod health;
mod held_line;
mod korean_words;
mod numbers;
mod spelling;
mod store_generation;
mod translate;
mod wire;

pub use answer::{CatalogueProduct, ChangeLookup, KosBill, KosChange, KosLine};
pub use cache_keys::CacheKeys;
pub use client::KosClient;
pub use code::Refusal;
pub use collector::KosCollector;
pub use error::{Failure, KosChangeError, KosError, NotSent};
pub use facts::KosFacts;
pub use health::KosHealth;
pub use held_line::HeldLine;
pub use store_generation::{BELIEVED, LineGenerations};
