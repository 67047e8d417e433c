//! Logs: text for people, JSON for machines. Personal data never reaches them, because the types
//! that hold it print a mask.

use crate::config::{LogConfig, LogFormat};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Installs the process-wide subscriber; a second call changes nothing.
pub fn init(config: &LogConfig) {
    // sqlx and hyper are quiet unless asked for by name.
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let installed = match config.format {
        LogFormat::Text => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .try_init(),
        LogFormat::Json => registry
            .with(fmt::layer().json().with_writer(std::io::stderr))
            .try_init(),
    };
    if installed.is_err() {
        tracing::debug!("a subscriber is installed already");
    }
}
