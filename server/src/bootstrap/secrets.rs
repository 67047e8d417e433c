//! The secrets that a demo need not configure.

use super::Databases;
use crate::{
    config::{Config, ConfigFaults, Profile},
    ids::Ids,
};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

/// Completes a configuration without a token secret by one that survives restarts: made once, kept in the
/// data folder, readable by its owner only. Production refuses to start without its own.
pub(super) fn complete(config: &mut Config, ids: &Ids) -> anyhow::Result<()> {
    if !config.auth.token_secret.expose_secret().is_empty() {
        return Ok(());
    }
    let path = kept_in(config);
    let context = || format!("cannot keep the token secret in {}", path.display());
    if !path.exists() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(&path).with_context(context)?;
        file.write_all(ids.token().as_bytes())
            .with_context(context)?;
        file.sync_all().with_context(context)?;
    }
    let secret = fs::read_to_string(&path).with_context(context)?;
    anyhow::ensure!(
        secret.len() >= 32,
        "{} is too short; remove it",
        path.display()
    );
    config.auth.token_secret = SecretString::from(secret);
    Ok(())
}

/// The secret that keys the locks, for a command beside servers: it must be theirs. For production, or on
/// an external database, none is generated, because the attempts stored under the servers' key would not
/// be found under another. A demo's server may have kept its own in the data folder.
///
/// # Errors
/// [`ConfigFaults`]: the configuration lacks it; or the data folder cannot be used.
pub(crate) fn of_servers(
    config: &mut Config,
    databases: &Databases,
    ids: &Ids,
) -> anyhow::Result<()> {
    let demo = config.profile == Profile::Demo;
    if demo && (databases.are_embedded() || kept_in(config).exists()) {
        return complete(config, ids);
    }
    let auth = &config.auth;
    let token_keys = demo && !auth.token_secret.expose_secret().is_empty();
    if auth.id_secret.is_some() || token_keys {
        return Ok(());
    }
    let lacking = if demo {
        "auth.token_secret (or auth.id_secret, where the servers have one)"
    } else {
        "auth.id_secret"
    };
    anyhow::bail!(ConfigFaults(vec![format!(
        "{lacking} must be set to that of the servers: it keys the locks."
    )]))
}

fn kept_in(config: &Config) -> PathBuf {
    config.data_dir.join("token.secret")
}
