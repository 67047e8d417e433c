//! A TCP proxy with faults on command, between the server and KOS, the AP, PostgreSQL or Redis.
//!
//! It has the verbs of the usual fault proxies, per direction (latency and jitter, bandwidth, slices, a
//! hole that passes nothing, an end after n bytes), refuses connections, and has two more that decide
//! whether an outcome is known: *deliver the request and lose the answer*, and *cut at the n-th message*,
//! for example right after `COMMIT`.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `proxy` | [`FaultProxy`]: listening, and the verbs at run time |
//! | `weather` | [`Weather`] of one direction, [`Ending`] of a connection |
//! | `carry` | carries one connection under it |
//! | `message` | [`Protocol`]: the message boundaries of PostgreSQL and Redis; [`MessageCut`] |

mod carry;
mod message;
mod proxy;
mod weather;

pub use message::{MessageCut, Protocol};
pub use proxy::FaultProxy;
pub use weather::{Direction, Ending, Weather};
