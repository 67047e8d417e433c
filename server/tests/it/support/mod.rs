//! Fixtures: databases, caches, fake ports, the gateway, the whole product, clients.

pub mod backends;
pub mod client;
pub mod customers;
pub mod environment;
pub mod fake_ports;
pub mod gateway;
pub mod holding_ap;
pub mod known_kos;
pub mod log;
mod pending_change;
pub mod postgres;
pub mod process;
pub mod redis;
pub mod redis_server;
pub mod scrape;
mod sqlite;
pub mod test_app;
pub mod wait;
