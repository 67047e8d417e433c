//! Reading settings one by one, collecting the faults.

use secrecy::SecretString;
use std::{fmt::Display, str::FromStr, time::Duration};
use toml::{Table, Value};

/// Merged settings, and the faults found so far.
pub(super) struct Reader<'a> {
    pub(super) settings: &'a Table,
    pub(super) faults: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, fault: &str) {
        self.faults.push(fault.to_owned());
    }

    pub(super) fn wrong<T>(&mut self, key: &str, wanted: &str, instead: T) -> T {
        self.fault(&format!("{key} must be {wanted}."));
        instead
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        match key.split_once('.') {
            None => self.settings.get(key),
            Some((section, name)) => self.settings.get(section)?.as_table()?.get(name),
        }
    }

    pub(super) fn text(&self, key: &str) -> String {
        self.value(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let items = self
            .value(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        items
            .into_iter()
            .map(|item| item.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    pub(super) fn optional<T: FromStr>(&mut self, key: &str, wanted: &str) -> Option<T> {
        let text = self.text(key);
        match text.parse() {
            _ if text.is_empty() => None,
            Ok(value) => Some(value),
            Err(_) => self.wrong(key, wanted, None),
        }
    }

    pub(super) fn on_off(&mut self, key: &str, text: &str) -> bool {
        match text {
            "on" => true,
            "off" => false,
            _ => self.wrong(key, "on or off", true),
        }
    }

    pub(super) fn number<T>(&mut self, key: &str, least: T, most: T) -> T
    where
        T: TryFrom<i64> + Copy + Display + PartialOrd,
    {
        let value = self
            .value(key)
            .and_then(Value::as_integer)
            .and_then(|n| T::try_from(n).ok());
        match value {
            Some(value) if (least..=most).contains(&value) => value,
            _ => self.wrong(
                key,
                &format!("a whole number from {least} to {most}"),
                least,
            ),
        }
    }

    pub(super) fn millis(&mut self, key: &str, least: u64, most: u64) -> Duration {
        Duration::from_millis(self.number(key, least, most))
    }

    pub(super) fn seconds(&mut self, key: &str, least: u64, most: u64) -> Duration {
        Duration::from_secs(self.number(key, least, most))
    }

    pub(super) fn http_url(&mut self, key: &str) -> String {
        let url = self.text(key).trim_end_matches('/').to_owned();
        if !url.is_empty() && !["http://", "https://"].iter().any(|s| url.starts_with(s)) {
            self.fault(&format!("{key} must start with http:// or https://."));
        }
        url
    }

    /// A secret, or the content of the file it points at (`file:/run/secrets/…`).
    pub(super) fn secret(&mut self, key: &str, text: &str) -> SecretString {
        match text.strip_prefix("file:") {
            None => SecretString::from(text),
            Some(path) => match std::fs::read_to_string(path) {
                Ok(content) => SecretString::from(content.trim_end()),
                Err(error) => {
                    self.fault(&format!(
                        "{key} points at a file that cannot be read: {error}."
                    ));
                    SecretString::from("")
                }
            },
        }
    }
}
