//! `phonebill config`.

use crate::config::{DEFAULT_FILE, Layers};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Print every setting with its default and meaning.
    Default,
    /// Judge the configuration as `serve` would, and tell everything that is wrong.
    Check,
}

impl Config {
    pub(super) fn run(self, layers: Layers) -> anyhow::Result<()> {
        match self {
            Self::Default => print!("{DEFAULT_FILE}"),
            Self::Check => {
                let config = layers.finish()?;
                println!("the configuration is good: {}", config.subject());
            }
        }
        Ok(())
    }
}
