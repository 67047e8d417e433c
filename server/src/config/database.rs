//! The databases: one, unless a module is pointed at its own.

use super::reader::Reader;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::{path::Path, time::Duration};

/// One database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: SecretString,
    /// Per replica; SQLite: its readers, beside one writer.
    pub max_connections: u32,
    /// Wait for a connection; SQLite's writers wait for `statement_timeout`.
    pub acquire_timeout: Duration,
    pub statement_timeout: Duration,
    /// Wait for a lock.
    pub lock_timeout: Duration,
    /// Silence within a transaction.
    pub idle_in_transaction_timeout: Duration,
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
const MAINTENANCE_STATEMENT_TIMEOUT: Duration = Duration::from_secs(600);

impl DatabaseConfig {
    /// For operators: where it is, without who connects and with which password.
    pub fn place(&self) -> String {
        let url = self.url.expose_secret();
        let Some((scheme, rest)) = url.split_once("://") else {
            return url.to_owned();
        };
        let address = rest.split('?').next().unwrap_or_default();
        let place = address.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{place}")
    }
}

impl DatabasesConfig {
    /// The places of all modules, each once.
    pub fn places(&self) -> String {
        let mut places: Vec<_> = [&self.auth, &self.bill, &self.product]
            .map(DatabaseConfig::place)
            .into();
        places.dedup();
        places.join(", ")
    }

    pub(super) fn allow_long_statements(&mut self) {
        for database in [&mut self.auth, &mut self.bill, &mut self.product] {
            database.statement_timeout = MAINTENANCE_STATEMENT_TIMEOUT;
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
            acquire_timeout: reader.millis("database.acquire_timeout_ms", 10, 60_000),
            statement_timeout: reader.millis("database.statement_timeout_ms", 10, 600_000),
            lock_timeout: reader.millis("database.lock_timeout_ms", 10, 600_000),
            idle_in_transaction_timeout: reader.millis(
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
    if let Some(path) = url.expose_secret().strip_prefix("sqlite:") {
        sqlite_path(reader, key, path);
    }
    url
}

/// Refuses what is no plain path: every connection to `:memory:` is a database of its own, and of a
/// URL the slashes and the options would be taken for the file's name.
fn sqlite_path(reader: &mut Reader<'_>, key: &str, path: &str) {
    if path.is_empty() || path.contains(":memory:") {
        reader.fault(&format!("{key} must name a file: sqlite:PATH."));
    } else if path.starts_with("//") || path.contains('?') {
        reader.fault(&format!(
            "{key} must be sqlite:PATH, without // and without ?options."
        ));
    }
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

#[cfg(test)]
mod tests {
    use crate::config::{Layers, layers};

    #[test]
    fn a_place_names_nobody() {
        for (url, place) in [
            ("sqlite:data/x.db", "sqlite:data/x.db"),
            (
                "postgres://me:secret@10.0.0.2:5433/bills?sslmode=disable&password=x",
                "postgres://10.0.0.2:5433/bills",
            ),
            ("postgres:///bills?host=/run&user=me", "postgres:///bills"),
            ("postgresql://db/bills", "postgresql://db/bills"),
        ] {
            let url = ("PHONEBILL__DATABASE__URL".to_owned(), url.to_owned());
            let demo = ("PHONEBILL_PROFILE".to_owned(), "demo".to_owned());
            let config = Layers::default().environment(&[url, demo].into());
            assert_eq!(config.finish().unwrap().databases.places(), place);
        }
    }

    fn faults(key: &str, url: &str) -> Vec<String> {
        let name = format!("PHONEBILL__DATABASE__{}", key.to_uppercase());
        layers::faults([(name.as_str(), url), ("PHONEBILL_PROFILE", "demo")])
    }

    #[test]
    fn sqlite_is_a_plain_path_for_every_module() {
        for key in ["url", "auth_url", "bill_url", "product_url"] {
            for sound in [
                "sqlite:data/x.db",
                "sqlite:/var/lib/x.db",
                "postgres://h/x?a=b",
            ] {
                assert_eq!(faults(key, sound), [""; 0], "{key} {sound}");
            }
            for wrong in [
                "sqlite:",
                "sqlite::memory:",
                "sqlite://data/x.db",
                "sqlite:///data/x.db",
                "sqlite:x.db?mode=rwc",
                "mysql://h/x",
            ] {
                let told = faults(key, wrong);
                let named = format!("database.{key} must");
                assert!(
                    told.len() == 1 && told[0].starts_with(&named),
                    "{key} {wrong}: {told:?}"
                );
            }
        }
    }
}
