//! What is counted, in the types of `prometheus-client`.
//!
//! Each component makes its own counters and counts without knowing who reads; `bootstrap` registers
//! them all, and the admin listener shows them. Labels are names from the code only, so their number
//! is bounded and they hold nothing of a customer.
//!
//! | file | counted by |
//! | --- | --- |
//! | `cache` | [`CacheMetrics`]: caches and cache-aside |
//! | `calls` | [`CallMetrics`]: calls to KOS and to the MVNO AP server |
//! | `login` | [`LoginMetrics`]: logins and locks |
//! | `gauges` | [`Gauges`]: what the databases are asked for at each scrape |
//! | [`scraped`] | what components know without counting: how a collector shows it |

mod cache;
mod calls;
mod gauges;
mod login;
pub mod scraped;

pub use cache::{CacheMetrics, KINDS, Lookup};
pub use calls::CallMetrics;
pub use gauges::Gauges;
pub use login::{LoginMetrics, LoginResult};
