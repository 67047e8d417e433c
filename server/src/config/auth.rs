//! Passwords, tokens, sessions, the lock.

use super::{Profile, reader::Reader};
use app::model::is_identifier;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// How customers are authenticated.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// HMAC key of access tokens, at least 32 bytes; empty only until a demo's is generated.
    pub token_secret: SecretString,
    /// The name of that key, the tokens' `kid`.
    pub token_kid: String,
    /// Further keys, by name, that verify tokens but sign none.
    pub verify_keys: Vec<(String, SecretString)>,
    /// HMAC key of the hashes of login ids and cached lines; `None`, in a demo only: `token_secret`.
    pub id_secret: Option<SecretString>,
    pub access_ttl: Duration,
    pub refresh_ttl: Duration,
    pub idle_ttl: Duration,
    /// Sessions of one account; one more ends the oldest. `None`: no limit.
    pub max_sessions: Option<u32>,
    /// Wrong passwords in a row that lock an id.
    pub lock_after: u32,
    pub lock_for: Duration,
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_lanes: u32,
    /// The most password checks that wait.
    pub hash_queue: usize,
}

impl AuthConfig {
    /// The secret behind the names of things that name a customer: login ids, cached lines.
    pub fn naming_secret(&self) -> &SecretString {
        self.id_secret.as_ref().unwrap_or(&self.token_secret)
    }

    pub(super) fn read(reader: &mut Reader<'_>, profile: Profile) -> Self {
        let token_secret = long_secret(reader, "auth.token_secret");
        let id_secret = long_secret(reader, "auth.id_secret");
        let id_secret = (!id_secret.expose_secret().is_empty()).then_some(id_secret);
        let token_kid = reader.text("auth.token_kid");
        let verify_keys = verify_keys(reader, &token_kid);
        if !verify_keys.is_empty() && id_secret.is_none() {
            reader.fault(
                "auth.id_secret must be set, to the first auth.token_secret, before keys are \
                 rotated: it keys the locks.",
            );
        }
        let max_sessions = match reader.number("auth.max_sessions", -1, 1_000) {
            -1 => (profile == Profile::Production).then_some(5),
            most => u32::try_from(most).ok().filter(|most| *most > 0),
        };
        AuthConfig {
            token_secret,
            token_kid,
            verify_keys,
            id_secret,
            max_sessions,
            access_ttl: reader.seconds("auth.access_ttl_s", 10, 86_400),
            refresh_ttl: reader.seconds("auth.refresh_ttl_s", 10, 2_592_000),
            idle_ttl: reader.seconds("auth.idle_ttl_s", 10, 86_400),
            lock_after: reader.number("auth.lock_after", 1, 100),
            lock_for: reader.seconds("auth.lock_s", 1, 86_400),
            argon2_memory_kib: reader.number("auth.argon2_memory_kib", 8, 1 << 20),
            argon2_passes: reader.number("auth.argon2_passes", 1, 100),
            argon2_lanes: reader.number("auth.argon2_lanes", 1, 16),
            hash_queue: reader.number("auth.hash_queue", 1, 10_000),
        }
    }
}

/// A secret of 32 bytes or more, or none.
fn long_secret(reader: &mut Reader<'_>, key: &str) -> SecretString {
    let text = reader.text(key);
    let secret = reader.secret(key, &text);
    if !text.is_empty() && secret.expose_secret().len() < 32 {
        reader.fault(&format!("{key} must be 32 bytes or longer."));
    }
    secret
}

fn verify_keys(reader: &mut Reader<'_>, signer: &str) -> Vec<(String, SecretString)> {
    const KEY: &str = "auth.token_verify_keys";
    let mut keys: Vec<(String, SecretString)> = Vec::new();
    if !is_kid(signer) {
        reader.fault("auth.token_kid must be 1 to 32 of A-Z a-z 0-9 _ -.");
    }
    for text in reader.list(KEY) {
        let Some((kid, text)) = text.split_once(':').filter(|(kid, _)| is_kid(kid)) else {
            reader.fault(&format!("{KEY} must be a list of name:secret."));
            continue;
        };
        let secret = reader.secret(KEY, text);
        if secret.expose_secret().len() < 32 {
            reader.fault(&format!("{KEY}: every secret must be 32 bytes or longer."));
        }
        if kid == signer || keys.iter().any(|(known, _)| known == kid) {
            reader.fault(&format!(
                "{KEY} and auth.token_kid must be different names."
            ));
        }
        keys.push((kid.to_owned(), secret));
    }
    keys
}

fn is_kid(text: &str) -> bool {
    is_identifier(text, 1..=32)
}
