//! The metrics, in the types of `prometheus-client`.
//!
//! Each component owns its counters; `bootstrap` registers them all, and the admin listener exposes them.
//! Labels are names from the code only: bounded in number, and free of personal data.
//!
//! | file | counted by |
//! | --- | --- |
//! | `cache` | [`CacheMetrics`]: caches and cache-aside |
//! | `calls` | [`CallMetrics`]: calls to KOS and to the MVNO AP server |
//! | `login` | [`LoginMetrics`]: logins and locks |
//! | `gauges` | [`Gauges`]: read from the databases at each scrape |
//! | [`scraped`] | helpers for collectors of values that are not counted |

mod cache;
mod calls;
mod gauges;
mod login;
pub mod scraped;

pub use cache::{CacheMetrics, KINDS, Lookup};
pub use calls::CallMetrics;
pub use gauges::Gauges;
pub use login::{LoginMetrics, LoginResult};
