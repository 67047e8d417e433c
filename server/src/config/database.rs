//! The databases: one, unless a module is pointed at its own.

use super::reader::Reader;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::path::Path;

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
    /// Servers that share them.
    pub replicas: u32,
}

/// Ten minutes: an operator's lists and audits may read whole tables, which nobody waits behind.
const MAINTENANCE_STATEMENT_TIMEOUT_MS: u64 = 600_000;

impl DatabasesConfig {
    pub(super) fn allow_long_statements(&mut self) {
        for database in [&mut self.auth, &mut self.bill, &mut self.product] {
            database.statement_timeout_ms = MAINTENANCE_STATEMENT_TIMEOUT_MS;
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let main = match reader.text("database.url") {
            url if url.is_empty() => format!("sqlite:{}", data_dir.join("phonebill.db").display()),
            url => url,
        };
        let template = DatabaseConfig {
            url: database_url(reader, "database.url", &main),
            max_connections: reader.number("database.max_connections", 1, 1000),
            acquire_timeout_ms: reader.number("database.acquire_timeout_ms", 10, 60_000),
            statement_timeout_ms: reader.number("database.statement_timeout_ms", 10, 600_000),
            lock_timeout_ms: reader.number("database.lock_timeout_ms", 10, 600_000),
            idle_in_transaction_timeout_ms: reader.number(
                "database.idle_in_transaction_timeout_ms",
                10,
                600_000,
            ),
        };
        let replicas: u32 = reader.number("database.replicas", 1, 1000);
        let mut module = |key: &str| match reader.text(key) {
            url if url.is_empty() => template.clone(),
            url => DatabaseConfig {
                url: database_url(reader, key, &url),
                ..template.clone()
            },
        };
        let databases = DatabasesConfig {
            replicas,
            auth: module("database.auth_url"),
            bill: module("database.bill_url"),
            product: module("database.product_url"),
        };
        let on_sqlite = |database: &DatabaseConfig| is_sqlite(database.url.expose_secret());
        if replicas > 1
            && [&databases.auth, &databases.bill, &databases.product]
                .into_iter()
                .any(on_sqlite)
        {
            reader.fault("database.replicas above 1 needs PostgreSQL: SQLite serves one process.");
        }
        databases
    }
}

fn database_url(reader: &mut Reader<'_>, key: &str, text: &str) -> SecretString {
    let url = reader.secret(key, text);
    let schemes = ["sqlite:", "postgres://", "postgresql://"];
    if !schemes
        .iter()
        .any(|scheme| url.expose_secret().starts_with(scheme))
    {
        reader.fault(&format!(
            "{key} must start with sqlite:, postgres:// or postgresql://."
        ));
    }
    url
}

/// Whether the URL names SQLite.
pub(super) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}
