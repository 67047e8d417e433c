//! What the tests stand on: a database of their own on each back end, a corner of a cache.

pub mod backends;
pub mod client;
pub mod environment;
pub mod fake_ports;
pub mod gateway;
pub mod known_kos;
pub mod log;
pub mod postgres;
pub mod redis;
pub mod redis_server;
mod sqlite;
pub mod test_app;
pub mod wait;
