//! The shipped settings, read from the default file so that no number is repeated here.

use anyhow::{Context, Result};
use server::config::{Config, DEFAULT_FILE, Layers};
use std::sync::LazyLock;
use toml::{Table, Value};

/// The configuration of the default file.
#[expect(
    clippy::expect_used,
    reason = "the product could not start with it either"
)]
pub static SOLD: LazyLock<Config> =
    LazyLock::new(|| Layers::default().finish().expect("the default file"));

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
