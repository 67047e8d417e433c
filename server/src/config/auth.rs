//! Passwords, tokens, sessions, the lock.

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
