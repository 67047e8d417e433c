//! `phonebill migrate`.

use super::open::configured;
use crate::{bootstrap::Databases, config::Layers, telemetry};

/// Brings the schema up to date. The log tells when it waits for a table or for another job.
pub(super) async fn run(layers: Layers) -> anyhow::Result<()> {
    let config = configured(layers)?;
    let _telemetry = telemetry::init(&config.log)?;
    let databases = Databases::connect(&config.databases).await?;
    databases.migrate().await?;
    println!("the schema is up to date");
    Ok(())
}
