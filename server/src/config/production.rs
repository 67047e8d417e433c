//! What the production profile refuses.

use super::Config;
use secrecy::ExposeSecret;
use std::net::IpAddr;

/// Adds a fault for each setting that is fit for a demo only.
pub(super) fn refuse_weak(config: &Config, faults: &mut Vec<String>) {
    let mut refuse = |wrong: bool, sentence: &str| {
        if wrong {
            faults.push(format!("{sentence} (the profile is production)."));
        }
    };
    refuse(
        config.kos.url.is_empty(),
        "kos.url must be set: the simulator is for demos",
    );
    refuse(
        config.mvno.url.is_empty(),
        "mvno.url must be set: the simulator is for demos",
    );
    refuse(
        config.auth.token_secret.expose_secret().is_empty(),
        "auth.token_secret must be set to 32 bytes or more",
    );
    refuse(
        config.auth.id_secret.is_none(),
        "auth.id_secret must be set to 32 bytes or more (where servers ran without one, to their \
         first auth.token_secret): rotating the token key must not forget the locks",
    );
    refuse(
        config
            .mvno
            .signing_secret
            .expose_secret()
            .starts_with("demo-"),
        "mvno.signing_secret must be set to a secret of your own",
    );
    refuse(!config.limits.enabled, "limits.rate_limits must be on");
    refuse(
        !config.http.secure_cookies,
        "http.secure_cookies must be on",
    );
    let origin = config.http.public_origin.as_deref().unwrap_or_default();
    refuse(
        !origin.starts_with("https://"),
        "http.public_origin must be an https:// origin",
    );
    refuse(
        config.auth.argon2_memory_kib < 19_456 || config.auth.argon2_passes < 2,
        "auth.argon2_memory_kib and auth.argon2_passes must be at least 19456 and 2",
    );
    refuse(
        config.http.trusted_proxies.is_none(),
        "http.trusted_proxies must name the proxies in front, or be none: limits would count \
         everybody as the proxy",
    );
    let cache = config.cache.url.as_ref().map(ExposeSecret::expose_secret);
    for (key, url) in [
        ("kos.url", Some(config.kos.url.as_str())),
        ("mvno.url", Some(config.mvno.url.as_str())),
        ("cache.url", cache),
    ] {
        refuse(
            !config.trusted_network && url.is_some_and(is_readable_on_the_way),
            &format!(
                "{key} leads to another machine in plain text; where that network is trusted, say so by \
                 trusted_network"
            ),
        );
    }
    let databases = &config.databases;
    let databases = [&databases.auth, &databases.bill, &databases.product];
    refuse(
        databases
            .iter()
            .any(|database| leaves_the_machine_unasked(database.url.expose_secret())),
        "database.url, like the URL of each module, must say by ?sslmode=… how the way to another \
         machine is protected: verify-full, or disable where the network is trusted",
    );
}

/// Whether a URL leads to another machine without encryption.
fn is_readable_on_the_way(url: &str) -> bool {
    let plain = ["http://", "redis://"].into_iter();
    let rest = plain.filter_map(|scheme| url.strip_prefix(scheme)).next();
    let authority = rest.and_then(|rest| rest.split(['/', '?']).next());
    let host = authority.and_then(|authority| authority.rsplit('@').next());
    host.is_some_and(|host| !is_this_machine(host))
}

/// Whether a PostgreSQL URL leads to another machine and does not say with what protection: without
/// `sslmode`, PostgreSQL's default falls back to plain text without a word.
fn leaves_the_machine_unasked(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut asked = false;
    let authority = address.split('/').next().unwrap_or_default();
    let mut host = authority.rsplit('@').next().unwrap_or_default().to_owned();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "sslmode" | "ssl-mode" => asked = true,
            "host" | "hostaddr" => host = value.into_owned(),
            _ => {}
        }
    }
    !asked && !is_this_machine(&host)
}

/// An empty host and a path are sockets of this machine.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_path = name.starts_with('/') || name.to_ascii_lowercase().starts_with("%2f");
    name.is_empty()
        || is_path
        || name == "localhost"
        || name
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use crate::config::layers;

    const SOUND: [(&str, &str); 9] = [
        ("PHONEBILL_PROFILE", "production"),
        (
            "DATABASE_URL",
            "postgres://phonebill@10.0.0.2/phonebill?sslmode=verify-full",
        ),
        ("KOS_URL", "https://kos.example.com"),
        ("MVNO_AP_URL", "https://ap.example.com"),
        ("PHONEBILL__HTTP__PUBLIC_ORIGIN", "https://bill.example.com"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "10.0.0.10"),
        (
            "PHONEBILL__AUTH__TOKEN_SECRET",
            "a secret of the tests, 32 bytes or more",
        ),
        (
            "PHONEBILL__AUTH__ID_SECRET",
            "a third secret of the tests, as long as that",
        ),
        (
            "PHONEBILL__MVNO__SIGNING_SECRET",
            "another secret of the tests",
        ),
    ];

    /// The faults of a sound production configuration with one setting replaced.
    fn faults(name: &str, value: &str) -> Vec<String> {
        let changed = SOUND.into_iter().chain([(name, value)]);
        layers::faults(changed)
    }

    #[test]
    fn each_setting_fit_for_a_demo_only_is_the_one_fault() {
        for (name, value, fault) in [
            ("KOS_URL", "", "kos.url"),
            ("MVNO_AP_URL", "", "mvno.url"),
            ("PHONEBILL__AUTH__TOKEN_SECRET", "", "auth.token_secret"),
            ("PHONEBILL__AUTH__ID_SECRET", "", "auth.id_secret"),
            ("PHONEBILL__MVNO__SIGNING_SECRET", "", "mvno.signing_secret"),
            (
                "PHONEBILL__MVNO__SIGNING_SECRET",
                "demo-signing-secret-of-my-own",
                "mvno.signing_secret",
            ),
            ("PHONEBILL_RATE_LIMITS", "off", "limits.rate_limits"),
            (
                "PHONEBILL__HTTP__SECURE_COOKIES",
                "off",
                "http.secure_cookies",
            ),
            ("PHONEBILL__HTTP__PUBLIC_ORIGIN", "", "http.public_origin"),
            (
                "PHONEBILL__HTTP__PUBLIC_ORIGIN",
                "http://bill.example.com",
                "http.public_origin",
            ),
            (
                "PHONEBILL__HTTP__TRUSTED_PROXIES",
                "",
                "http.trusted_proxies",
            ),
            (
                "PHONEBILL__AUTH__ARGON2_MEMORY_KIB",
                "19455",
                "auth.argon2_memory_kib",
            ),
            (
                "PHONEBILL__AUTH__ARGON2_PASSES",
                "1",
                "auth.argon2_memory_kib",
            ),
            (
                "DATABASE_URL",
                "postgres://phonebill@10.0.0.2/phonebill",
                "database.url",
            ),
            ("KOS_URL", "http://kos.example.com/api", "kos.url leads"),
            ("MVNO_AP_URL", "http://10.0.0.5:9002", "mvno.url leads"),
            (
                "REDIS_URL",
                "redis://me:127.0.0.1@10.0.0.3/1",
                "cache.url leads",
            ),
            (
                "PHONEBILL__DATABASE__BILL_URL",
                "postgresql://phonebill@db.example.com:5433/bill?application_name=sslmode",
                "database.url",
            ),
            (
                "PHONEBILL__DATABASE__AUTH_URL",
                "postgres:///auth?host=db.example.com",
                "database.url",
            ),
        ] {
            let told = faults(name, value);
            assert!(
                told.len() == 1
                    && told[0].starts_with(fault)
                    && told[0].ends_with("(the profile is production)."),
                "{name}={value}: {told:?}"
            );
        }
    }

    #[test]
    fn a_sound_configuration_starts() {
        for (name, value) in [
            ("PHONEBILL_PROFILE", "production"),
            ("PHONEBILL__HTTP__TRUSTED_PROXIES", "none"),
            ("PHONEBILL__HTTP__SECURE_COOKIES", "on"),
            ("DATABASE_URL", "sqlite:/var/lib/phonebill/phonebill.db"),
            ("KOS_URL", "http://localhost:9001"),
            ("MVNO_AP_URL", "http://[::1]:9002/"),
            ("REDIS_URL", "redis://127.0.0.1:6379"),
            ("REDIS_URL", "rediss://me:secret@10.0.0.3"),
            ("DATABASE_URL", "postgres://phonebill@127.0.0.1/phonebill"),
            (
                "DATABASE_URL",
                "postgres://phonebill@localhost:5433/phonebill",
            ),
            ("DATABASE_URL", "postgres://phonebill@[::1]/phonebill"),
            ("DATABASE_URL", "postgres:///phonebill?host=/run/postgresql"),
            ("DATABASE_URL", "postgres://%2Frun%2Fpostgresql/phonebill"),
            (
                "DATABASE_URL",
                "postgres://phonebill@10.0.0.2/phonebill?sslmode=disable",
            ),
        ] {
            assert_eq!(faults(name, value), [""; 0], "{name}={value}");
        }
        let trusted = SOUND.into_iter().chain([
            ("KOS_URL", "http://kos.example.com"),
            ("REDIS_URL", "redis://10.0.0.3"),
            ("PHONEBILL__TRUSTED_NETWORK", "on"),
        ]);
        assert_eq!(layers::faults(trusted), [""; 0]);
    }
}
