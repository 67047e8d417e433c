//! The real binary as a process: start, log, shutdown, command line.

mod accounts;
mod drain;
mod faults;
mod log;
mod proxies;
mod redis_tls;
mod schema;
mod start;
