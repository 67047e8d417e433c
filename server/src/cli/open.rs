//! The configuration and the databases of a command that does not serve.

use crate::{
    bootstrap::{Databases, create_data_folder},
    config::{Config, Layers},
};

/// The configuration, with its data folder made. It is named on standard error, so that nobody takes the
/// embedded demo of a bare shell for the servers' database.
///
/// # Errors
/// A configuration with faults, or a data folder that cannot be made.
pub(super) fn configured(layers: Layers) -> anyhow::Result<Config> {
    let config = layers.finish_for_maintenance()?;
    eprintln!("phonebill: {}", config.subject());
    create_data_folder(&config.data_dir)?;
    Ok(config)
}

/// Opens the configured databases as they are: it changes no schema.
///
/// # Errors
/// As [`configured`], or a database that cannot be opened.
pub(super) async fn open(layers: Layers) -> anyhow::Result<Databases> {
    let config = configured(layers)?;
    Ok(Databases::connect(&config.databases).await?)
}
