//! `phonebill migrate`.

use super::open::open;
use crate::config::Layers;

/// Brings the schema up to date.
pub(super) async fn run(layers: Layers) -> anyhow::Result<()> {
    open(layers).await?.migrate().await?;
    println!("the schema is up to date");
    Ok(())
}
