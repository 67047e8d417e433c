//! The real binary as a process: start, log, shutdown, command line.

mod accounts;
mod demo_in_production;
mod drain;
mod faults;
mod log;
mod panics;
mod private;
mod proxies;
mod redis_tls;
mod schema;
mod start;
