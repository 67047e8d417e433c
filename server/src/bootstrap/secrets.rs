//! Secrets a demo need not configure.

use crate::{config::Config, ids::Ids};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt};

/// Gives a configuration without a token secret one that survives restarts: made once, kept in the
/// data folder, readable by its owner only. Production refuses to start without its own.
pub(crate) fn complete(config: &mut Config, ids: &Ids) -> anyhow::Result<()> {
    if !config.auth.token_secret.expose_secret().is_empty() {
        return Ok(());
    }
    let path = config.data_dir.join("token.secret");
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
