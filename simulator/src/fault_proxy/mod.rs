//! A TCP proxy that goes wrong on command: between the server and KOS, the AP, PostgreSQL or Redis.
//!
//! It knows the verbs of the usual fault proxies, per direction (latency and jitter, bandwidth,
//! slices, a hole that lets nothing through, an end after so many bytes), refuses connections, and
//! two more that decide whether an outcome is known: *deliver the request and lose the answer*, and
//! *cut at the n-th message*, for example right after `COMMIT`.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `proxy` | [`FaultProxy`]: listening, and the verbs at run time |
//! | `weather` | [`Weather`] of one direction, [`Ending`] of a connection |
//! | `carry` | one connection carried under it |
//! | `message` | [`Protocol`]: where a message of PostgreSQL or Redis ends; [`MessageCut`] |

mod carry;
mod message;
mod proxy;
mod weather;

pub use message::{MessageCut, Protocol};
pub use proxy::FaultProxy;
pub use weather::{Direction, Ending, Weather};
