//! The composition root: the only place that knows everything.
//!
//! configuration → simulator (where no URL is given) → databases, cache, KOS → features → workers →
//! gateway.

mod cache;
mod data_folder;
mod databases;
mod demo;
mod features;
mod gateway;
mod health;
mod measures;
mod preparation;
mod running;
mod secrets;
mod start;
mod workers;

pub(crate) use data_folder::create as create_data_folder;
pub use databases::Databases;
pub use demo::{DEMO_CUSTOMERS, DemoCustomer};
pub use running::Running;
pub(crate) use secrets::of_servers as servers_secrets;
pub use start::start;
