//! From settings to a [`Config`]: every value is judged, every fault is told.

use super::{
    AdminConfig, AuthConfig, BillConfig, BreakerConfig, CacheConfig, Config, ConfigFaults,
    DatabasesConfig, HttpConfig, KosConfig, LimitsConfig, LogConfig, MvnoConfig, ProductConfig,
    Profile, production, reader::Reader,
};
use std::path::PathBuf;
use toml::Table;

/// Judges merged settings; `faults` are those of the layering. What is fit for a demo only is a
/// fault in production where it is to be `served`.
pub(super) fn validate(
    settings: &Table,
    faults: Vec<String>,
    served: bool,
) -> Result<Config, ConfigFaults> {
    let mut reader = Reader { settings, faults };
    let config = read(&mut reader);
    if served && config.profile == Profile::Production {
        production::refuse_weak(&config, &mut reader.faults);
    }
    match reader.faults {
        faults if faults.is_empty() => Ok(config),
        faults => Err(ConfigFaults(faults)),
    }
}

fn read(reader: &mut Reader<'_>) -> Config {
    let data_dir = PathBuf::from(reader.text("data_dir"));
    let profile = match reader.text("profile").as_str() {
        "demo" => Profile::Demo,
        "production" => Profile::Production,
        "" if reader.text("database.url").is_empty() => Profile::Demo,
        "" => Profile::Production,
        _ => reader.wrong("profile", "demo or production", Profile::Production),
    };
    let databases = DatabasesConfig::read(reader, &data_dir);
    Config {
        profile,
        http: HttpConfig::read(reader, profile),
        admin: AdminConfig {
            addr: reader.optional("admin.addr", "an address like 127.0.0.1:9090"),
        },
        databases,
        cache: CacheConfig::read(reader),
        auth: AuthConfig::read(reader, profile),
        bill: BillConfig::read(reader, &data_dir),
        kos: KosConfig::read(reader),
        breaker: BreakerConfig::read(reader),
        mvno: MvnoConfig::read(reader),
        product: ProductConfig::read(reader),
        limits: LimitsConfig::read(reader),
        log: LogConfig::read(reader),
        data_dir,
    }
}
