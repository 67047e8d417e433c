//! What a production profile refuses.

use super::{Config, database::is_sqlite};
use secrecy::ExposeSecret;

/// Adds a sentence for everything that is fit for a demo only.
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
    let in_memory = is_sqlite(config.databases.auth.url.expose_secret())
        && config
            .databases
            .auth
            .url
            .expose_secret()
            .contains(":memory:");
    refuse(in_memory, "database.url must be a file or PostgreSQL");
}
