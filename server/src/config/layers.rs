//! Layering: default file, `--config`, environment, flags; every fault reported together.

/// The embedded default file, which is also the documentation of every key.
pub const DEFAULT_FILE: &str = include_str!("../../config.default.toml");

/// Where settings come from.
pub struct Layers;
/// Everything that is wrong with the configuration, one sentence each.
pub struct ConfigFaults;
