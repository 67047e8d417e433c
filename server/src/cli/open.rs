//! The databases of a command that does not serve.

use crate::{
    bootstrap::{Databases, create_data_folder},
    config::Layers,
};

/// Opens the configured databases as they are: it changes no schema.
///
/// # Errors
/// A configuration with faults, a data folder that cannot be made, or a database that cannot be opened.
pub(super) async fn open(layers: Layers) -> anyhow::Result<Databases> {
    let config = layers.finish_for_maintenance()?;
    create_data_folder(&config.data_dir)?;
    Ok(Databases::connect(&config.databases).await?)
}
