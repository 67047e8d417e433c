//! The shipped settings, read from the default file so that no number is repeated here.

use anyhow::{Context, Result};
use server::config::{Config, DEFAULT_FILE, Layers};
use std::sync::LazyLock;
use toml::{Table, Value};

/// Time limits that the rig shortens and that are as shipped here.
const AS_SOLD: [&str; 11] = [
    "database.acquire_timeout_ms",
    "kos.connect_timeout_ms",
    "kos.change_timeout_ms",
    "kos.inquiry_timeout_ms",
    "kos.change_horizon_s",
    "breaker.slow_call_ms",
    "breaker.open_s",
    "mvno.timeout_ms",
    "mvno.first_retry_ms",
    "product.reconcile_poll_ms",
    "product.first_question_ms",
];
/// The settings that differ from the shipped ones.
const SETTINGS: [(&str, &str); 12] = [
    // Redis is asked for them on every request; they are never reached.
    ("PHONEBILL_RATE_LIMITS", "on"),
    ("PHONEBILL__LIMITS__PER_ADDRESS_PER_S", "100000"),
    ("PHONEBILL__LIMITS__PER_ADDRESS_BURST", "100000"),
    ("PHONEBILL__LIMITS__PER_SESSION_PER_S", "100000"),
    ("PHONEBILL__LIMITS__PER_SESSION_BURST", "100000"),
    ("PHONEBILL__LIMITS__LOGIN_PER_MINUTE", "100000"),
    ("PHONEBILL__LIMITS__LOGIN_BURST", "100000"),
    ("PHONEBILL__LIMITS__ID_LOGIN_PER_MINUTE", "100000"),
    ("PHONEBILL__LIMITS__ID_LOGIN_BURST", "100000"),
    // The default would only make a row longer.
    ("PHONEBILL__MVNO__LONGEST_RETRY_S", "10"),
    ("PHONEBILL__PRODUCT__LONGEST_PAUSE_MS", "10000"),
    ("PHONEBILL__LOG__LEVEL", "warn"),
];

/// The configuration of the default file.
#[expect(
    clippy::expect_used,
    reason = "the product could not start with it either"
)]
pub static SOLD: LazyLock<Config> =
    LazyLock::new(|| Layers::default().finish().expect("the default file"));

/// The settings of a rig that judges the product as it is shipped.
///
/// # Errors
/// The default file lacks one of them.
pub fn settings() -> Result<Vec<(String, String)>> {
    let sold: Result<Vec<_>> = AS_SOLD.into_iter().map(as_sold).collect();
    let changed = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(sold?.into_iter().chain(changed).collect())
}

/// The environment variable of `section.key` and its shipped value, to restore a changed setting.
///
/// # Errors
/// The default file has no such number.
pub fn as_sold(key: &str) -> Result<(String, String)> {
    let settings: Table = DEFAULT_FILE.parse()?;
    let (section, name) = key.split_once('.').context("no section")?;
    let value = settings.get(section).and_then(|section| section.get(name));
    let value = value.and_then(Value::as_integer);
    let value = value.with_context(|| format!("{key} is not in the default file"))?;
    let variable = format!("PHONEBILL__{section}__{name}").to_uppercase();
    Ok((variable, value.to_string()))
}
