//! Layering: default file, `--config`, environment, flags; every fault reported together.

use super::{Config, service_links::is_service_link};
use std::{collections::BTreeMap, fmt, path::Path};
use toml::{Table, Value};

/// The embedded default file, which is also the documentation of every key.
pub const DEFAULT_FILE: &str = include_str!("../../config.default.toml");

/// The short environment names that deployments rely on, and the keys they set.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("PHONEBILL_PROFILE", "profile"),
    ("PHONEBILL_DATA_DIR", "data_dir"),
    ("PHONEBILL_HTTP_ADDR", "http.addr"),
    ("PHONEBILL_ADMIN_ADDR", "admin.addr"),
    ("PHONEBILL_RATE_LIMITS", "limits.rate_limits"),
    ("DATABASE_URL", "database.url"),
    ("REDIS_URL", "cache.url"),
    ("KOS_URL", "kos.url"),
    ("MVNO_AP_URL", "mvno.url"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "log.otlp_endpoint"),
];

/// `PHONEBILL__SECTION__KEY` sets any key.
const LONG_PREFIX: &str = "PHONEBILL__";

/// Every fault of the configuration, one sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ConfigFaults(pub Vec<String>);

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration cannot work:")?;
        self.0
            .iter()
            .try_for_each(|fault| writeln!(f, "  - {fault}"))
    }
}

impl std::error::Error for ConfigFaults {}

/// Settings collected layer by layer; nothing is judged before [`Layers::finish`].
pub struct Layers {
    settings: Table,
    faults: Vec<String>,
}

impl Default for Layers {
    /// The default file alone.
    fn default() -> Self {
        match DEFAULT_FILE.parse::<Table>() {
            Ok(settings) => Self {
                settings,
                faults: Vec::new(),
            },
            Err(error) => Self {
                settings: Table::new(),
                faults: vec![format!(
                    "the embedded default file does not parse: {error}."
                )],
            },
        }
    }
}

impl Layers {
    /// Overlays a file.
    pub fn file(mut self, path: &Path) -> Self {
        match std::fs::read_to_string(path) {
            Err(error) => self.fault(format!("{} cannot be read: {error}.", path.display())),
            Ok(text) => match text.parse::<Table>() {
                Err(error) => {
                    self.fault(format!(
                        "{} is not TOML: {}.",
                        path.display(),
                        error.message()
                    ));
                }
                Ok(table) => self.table(&table, "", &path.display().to_string()),
            },
        }
        self
    }

    /// Overlays the environment.
    pub fn environment(mut self, variables: &BTreeMap<String, String>) -> Self {
        for (name, key) in SHORT_NAMES {
            if let Some(value) = variables.get(*name) {
                self.text(key, value, name);
            }
        }
        for (name, value) in variables {
            if let Some(rest) = name.strip_prefix(LONG_PREFIX) {
                let key = rest.to_ascii_lowercase().replacen("__", ".", 1);
                self.text(&key, value, name);
            } else if name.starts_with("PHONEBILL_")
                && !name.starts_with("PHONEBILL_TEST_")
                && ![
                    "PHONEBILL_REQUIRE_BACKENDS",
                    "PHONEBILL_CACHE_DIR",
                    "PHONEBILL_SITE_DIR",
                ]
                .contains(&name.as_str())
                && !SHORT_NAMES.iter().any(|(short, _)| short == name)
                && !is_service_link(name, value)
            {
                self.fault(format!("{name} is not a setting."));
            }
        }
        self
    }

    /// Overlays one flag.
    pub fn flag(mut self, key: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.text(key, value, "the command line");
        }
        self
    }

    /// Validates everything at once.
    ///
    /// # Errors
    /// Every fault found, not only the first.
    pub fn finish(self) -> Result<Config, ConfigFaults> {
        super::validate::validate(&self.settings, self.faults, true)
    }

    /// The same for a command that does not serve: the profile is the servers' own, but a missing
    /// KOS or a short secret is no reason to refuse, and a statement may take ten minutes.
    ///
    /// # Errors
    /// Every fault found, not only the first.
    pub fn finish_for_maintenance(self) -> Result<Config, ConfigFaults> {
        let mut config = super::validate::validate(&self.settings, self.faults, false)?;
        config.databases.allow_long_statements();
        Ok(config)
    }

    fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    fn table(&mut self, table: &Table, section: &str, source: &str) {
        for (name, value) in table {
            let key = if section.is_empty() {
                name.clone()
            } else {
                format!("{section}.{name}")
            };
            match value {
                Value::Table(inner) if section.is_empty() => self.table(inner, name, source),
                value => self.set(&key, value.clone(), source),
            }
        }
    }

    /// Parses a textual setting as the type of its default.
    fn text(&mut self, key: &str, text: &str, source: &str) {
        let value = match self.slot(key) {
            Some(Value::Integer(_)) => text.parse().map(Value::Integer).ok(),
            Some(Value::Array(_)) => Some(Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(|part| Value::String(part.to_owned()))
                    .collect(),
            )),
            _ => Some(Value::String(text.to_owned())),
        };
        match value {
            Some(value) => self.set(key, value, source),
            None => self.fault(format!("{key} must be a whole number (from {source}).")),
        }
    }

    fn set(&mut self, key: &str, value: Value, source: &str) {
        let fault = match self.slot(key) {
            None => Some(format!("{key} is not a setting (from {source}).")),
            Some(slot) if slot.same_type(&value) => {
                *slot = value;
                None
            }
            Some(slot) => Some(format!(
                "{key} must be a {} (from {source}).",
                slot.type_str()
            )),
        };
        self.faults.extend(fault);
    }

    fn slot(&mut self, key: &str) -> Option<&mut Value> {
        match key.split_once('.') {
            None => self.settings.get_mut(key).filter(|value| !value.is_table()),
            Some((section, name)) => self
                .settings
                .get_mut(section)?
                .as_table_mut()?
                .get_mut(name),
        }
    }
}

/// What a configuration with these environment variables is told; nothing if it starts.
#[cfg(test)]
pub(super) fn faults<N: Into<String>, V: Into<String>>(
    variables: impl IntoIterator<Item = (N, V)>,
) -> Vec<String> {
    let variables = variables.into_iter();
    let variables = variables.map(|(name, value)| (name.into(), value.into()));
    let layers = Layers::default().environment(&variables.collect());
    layers.finish().err().map(|told| told.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Layers;
    use std::collections::BTreeMap;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn the_defaults_alone_are_the_embedded_demo() {
        let config = Layers::default().finish().unwrap();
        assert_eq!(config.profile, super::super::Profile::Demo);
        assert_eq!(config.http.addr.port(), 8080);
    }

    #[test]
    fn later_layers_win() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("phonebill.toml");
        std::fs::write(&file, "[http]\naddr = \"127.0.0.1:1\"\nmax_in_flight = 7\n").unwrap();
        let config = Layers::default()
            .file(&file)
            .environment(&environment(&[
                ("PHONEBILL_HTTP_ADDR", "127.0.0.1:2"),
                ("PHONEBILL__HTTP__BODY_LIMIT", "9000"),
            ]))
            .flag("http.addr", Some("127.0.0.1:3"))
            .finish()
            .unwrap();
        assert_eq!(config.http.addr.port(), 3);
        assert_eq!(config.http.max_in_flight, 7);
        assert_eq!(config.http.body_limit, 9000);
    }

    #[test]
    fn an_operator_waits_longer_for_a_statement_than_a_customer() {
        let config = Layers::default().finish_for_maintenance().unwrap();
        for database in [config.databases.auth, config.databases.product] {
            assert_eq!(database.statement_timeout.as_secs(), 600);
        }
    }

    #[test]
    fn all_faults_are_told_together() {
        let faults = Layers::default()
            .environment(&environment(&[
                ("PHONEBILL__HTTP__COLOUR", "red"),
                ("PHONEBILL_TYPO", "1"),
                ("PHONEBILL__HTTP__BODY_LIMIT", "many"),
                ("PHONEBILL_HTTP_ADDR", "nowhere"),
                ("PHONEBILL_RATE_LIMITS", "maybe"),
            ]))
            .finish()
            .unwrap_err();
        for part in [
            "http.colour",
            "PHONEBILL_TYPO",
            "http.body_limit",
            "http.addr",
            "rate_limits",
        ] {
            assert!(
                faults.0.iter().any(|fault| fault.contains(part)),
                "{part}: {faults}"
            );
        }
        assert_eq!(faults.0.len(), 5, "{faults}");
    }
}
