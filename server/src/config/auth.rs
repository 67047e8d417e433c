//! Passwords, tokens, sessions, the lock.

use super::reader::Reader;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// HMAC key of access tokens, at least 32 bytes; also keys the hash of login ids.
    pub token_secret: SecretString,
    pub access_ttl: Duration,
    pub refresh_ttl: Duration,
    pub idle_ttl: Duration,
    /// Wrong passwords in a row that lock an id.
    pub lock_after: u32,
    pub lock_for: Duration,
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_lanes: u32,
    /// Password checks waiting at most.
    pub hash_queue: usize,
}

impl AuthConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let text = reader.text("auth.token_secret");
        let token_secret = reader.secret("auth.token_secret", &text);
        if !text.is_empty() && token_secret.expose_secret().len() < 32 {
            reader.fault("auth.token_secret must be 32 bytes or longer.");
        }
        AuthConfig {
            token_secret,
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
