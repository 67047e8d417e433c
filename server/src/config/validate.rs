//! From settings to a [`Config`]: every value is judged, every fault is reported.

use super::{
    AdminConfig, AuthConfig, BillConfig, BreakerConfig, CacheConfig, Config, ConfigFaults,
    DatabasesConfig, HttpConfig, KosConfig, LimitsConfig, LogConfig, MvnoConfig, ProductConfig,
    Profile, production, reader::Reader,
};
use std::{path::PathBuf, time::Duration};
use toml::Table;

/// What the database may take of a request beside its calls to KOS: five tries of a step, each with
/// 300 ms for a connection, and 100 ms between them.
const DATABASE_ALLOWANCE: Duration = Duration::from_secs(2);

/// Judges merged settings; `faults` are those of the layering. Only where it is to be `served`, the
/// settings must fit together, and in production be fit for more than a demo.
pub(super) fn validate(
    settings: &Table,
    faults: Vec<String>,
    served: bool,
) -> Result<Config, ConfigFaults> {
    let mut reader = Reader { settings, faults };
    let config = read(&mut reader);
    // A refused value has been replaced by its minimum, which would be reported a second time.
    if served && reader.faults.is_empty() {
        fit_together(&config, &mut reader);
    }
    if served && config.profile == Profile::Production {
        production::refuse_weak(&config, &mut reader.faults);
    }
    match reader.faults {
        faults if faults.is_empty() => Ok(config),
        faults => Err(ConfigFaults(faults)),
    }
}

/// Compares settings of different sections.
fn fit_together(config: &Config, reader: &mut Reader<'_>) {
    let (kos, slow_call) = (&config.kos, config.breaker.slow_call);
    if slow_call >= kos.inquiry_timeout {
        reader.fault(
            "breaker.slow_call_ms must be below kos.inquiry_timeout_ms: it would never fire.",
        );
    }
    if slow_call >= kos.change_timeout {
        reader.fault(
            "kos.change_timeout_ms must be above breaker.slow_call_ms: it would never fire.",
        );
    }
    // Within both deadlines, or a KOS that cannot be reached would look like one that is slow.
    let deadline = kos.inquiry_timeout.min(kos.change_timeout);
    for (key, within) in [
        ("kos.connect_timeout_ms", kos.connect_timeout),
        ("kos.place_timeout_ms", kos.place_timeout),
    ] {
        if within >= deadline {
            reader.fault(&format!(
                "{key} must be below kos.inquiry_timeout_ms and kos.change_timeout_ms: it would \
                 never fire."
            ));
        }
    }
    // One template for every database.
    let database = &config.databases.product;
    if database.lock_timeout >= database.statement_timeout {
        reader.fault(
            "database.lock_timeout_ms must be below database.statement_timeout_ms: it would never \
             fire.",
        );
    }
    // A change reads the line, then calls KOS: cut short, it would be answered 503 after it was sent.
    let longest = kos.inquiry_timeout + kos.change_timeout + DATABASE_ALLOWANCE;
    if config.http.request_timeout < longest {
        reader.fault(&format!(
            "http.request_timeout_ms must be {} or more, which is kos.inquiry_timeout_ms, \
             kos.change_timeout_ms and {} for the database: a slow change would be answered 503 \
             after it was sent.",
            longest.as_millis(),
            DATABASE_ALLOWANCE.as_millis()
        ));
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
    let trusted_network = reader.text("trusted_network");
    let databases = DatabasesConfig::read(reader, &data_dir);
    Config {
        profile,
        trusted_network: reader.on_off("trusted_network", &trusted_network),
        http: HttpConfig::read(reader, profile),
        admin: AdminConfig {
            addr: reader.optional("admin.addr", "an address like 127.0.0.1:9090"),
        },
        databases,
        cache: CacheConfig::read(reader),
        auth: AuthConfig::read(reader, profile),
        bill: BillConfig::read(reader, &data_dir),
        kos: KosConfig::read(reader, profile),
        breaker: BreakerConfig::read(reader),
        mvno: MvnoConfig::read(reader),
        product: ProductConfig::read(reader),
        limits: LimitsConfig::read(reader),
        log: LogConfig::read(reader),
        data_dir,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::layers;

    fn faults(settings: &[(&str, &str)]) -> Vec<String> {
        let settings = settings.iter();
        layers::faults(settings.map(|(name, value)| (format!("PHONEBILL__{name}"), *value)))
    }

    #[test]
    fn a_request_outlasts_the_calls_of_a_change() {
        for settings in [
            &[("HTTP__REQUEST_TIMEOUT_MS", "9999")][..],
            &[("KOS__CHANGE_TIMEOUT_MS", "5001")],
            &[("KOS__INQUIRY_TIMEOUT_MS", "3001")],
            &[
                ("KOS__CHANGE_TIMEOUT_MS", "20000"),
                ("HTTP__REQUEST_TIMEOUT_MS", "24999"),
            ],
        ] {
            let told = faults(settings);
            assert!(
                told.len() == 1 && told[0].starts_with("http.request_timeout_ms must be "),
                "{settings:?}: {told:?}"
            );
        }
        let slower = [
            ("KOS__CHANGE_TIMEOUT_MS", "20000"),
            ("HTTP__REQUEST_TIMEOUT_MS", "25000"),
        ];
        assert_eq!(faults(&slower), [""; 0]);
    }

    #[test]
    fn a_time_limit_within_another_is_the_shorter_one() {
        for (settings, fault) in [
            (
                [("KOS__CONNECT_TIMEOUT_MS", "3000")],
                "kos.connect_timeout_ms",
            ),
            ([("KOS__PLACE_TIMEOUT_MS", "3000")], "kos.place_timeout_ms"),
            (
                [("DATABASE__LOCK_TIMEOUT_MS", "2000")],
                "database.lock_timeout_ms",
            ),
            (
                [("DATABASE__STATEMENT_TIMEOUT_MS", "500")],
                "database.lock_timeout_ms",
            ),
        ] {
            let told = faults(&settings);
            assert!(
                told.len() == 1 && told[0].starts_with(fault),
                "{settings:?}: {told:?}"
            );
        }
        // A change has a deadline of its own.
        let quick_change = [
            ("BREAKER__SLOW_CALL_MS", "300"),
            ("KOS__CHANGE_TIMEOUT_MS", "500"),
        ];
        let told = faults(&quick_change);
        assert!(
            told.len() == 1 && told[0].starts_with("kos.connect_timeout_ms"),
            "{told:?}"
        );
        for settings in [
            [("KOS__CONNECT_TIMEOUT_MS", "2999")],
            [("KOS__PLACE_TIMEOUT_MS", "2999")],
            [("DATABASE__LOCK_TIMEOUT_MS", "1999")],
        ] {
            assert_eq!(faults(&settings), [""; 0], "{settings:?}");
        }
    }

    #[test]
    fn one_bad_value_is_reported_once() {
        assert_eq!(faults(&[("KOS__INQUIRY_TIMEOUT_MS", "0")]).len(), 1);
    }
}
