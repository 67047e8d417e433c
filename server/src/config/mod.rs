//! Configuration: one commented default file, one struct per section, all faults reported at once.
//!
//! Only [`crate::bootstrap`] reads the whole; modules receive their own section.

mod auth;
mod bill;
mod breaker;
mod cache;
mod database;
mod http;
mod kos;
mod layers;
mod limits;
mod log;
mod mvno;
mod product;
mod production;
mod reader;
mod service_links;
mod validate;

pub use self::http::{AdminConfig, HttpConfig};
pub use auth::AuthConfig;
pub use bill::BillConfig;
pub use breaker::BreakerConfig;
pub use cache::CacheConfig;
pub use database::{DatabaseConfig, DatabasesConfig};
pub use kos::{Capability, KosConfig};
pub use layers::{ConfigFaults, DEFAULT_FILE, Layers};
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use mvno::MvnoConfig;
pub use product::ProductConfig;

use std::path::PathBuf;

/// What the server is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Demo accounts, generated secrets, the simulator where no URL is given.
    Demo,
    /// None of that: a missing or weak setting is refused at start.
    Production,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Production => "production",
        }
    }
}

/// The whole configuration, validated.
#[derive(Clone, Debug)]
pub struct Config {
    pub profile: Profile,
    pub data_dir: PathBuf,
    /// Whether other machines may be spoken to in plain text.
    pub trusted_network: bool,
    pub http: HttpConfig,
    pub admin: AdminConfig,
    pub databases: DatabasesConfig,
    pub cache: CacheConfig,
    pub auth: AuthConfig,
    pub bill: BillConfig,
    pub kos: KosConfig,
    pub breaker: BreakerConfig,
    pub mvno: MvnoConfig,
    pub product: ProductConfig,
    pub limits: LimitsConfig,
    pub log: LogConfig,
}

impl Config {
    /// What an operator must see before a command is believed: a shell without the servers' environment
    /// means the embedded demo.
    pub fn subject(&self) -> String {
        format!("{}, {}", self.profile.name(), self.databases.places())
    }
}
