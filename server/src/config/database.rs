//! The databases: one, unless a module is pointed at its own.

use secrecy::SecretString;

/// One database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: SecretString,
    pub max_connections: u32,
    pub acquire_timeout_ms: u64,
    pub statement_timeout_ms: u64,
    pub lock_timeout_ms: u64,
    pub idle_in_transaction_timeout_ms: u64,
}

/// The database of each module; equal URLs share one pool.
#[derive(Clone, Debug)]
pub struct DatabasesConfig {
    pub auth: DatabaseConfig,
    pub bill: DatabaseConfig,
    pub product: DatabaseConfig,
}
