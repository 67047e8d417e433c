//! The MVNO AP server.

use super::reader::Reader;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::time::Duration;

/// The HMAC key of deliveries when none is configured; refused in production.
const DEMO_SIGNING_SECRET: &str = "demo-signing-secret-not-for-production";

/// Where results are delivered, and how often.
#[derive(Clone, Debug)]
pub struct MvnoConfig {
    /// Without a trailing slash.
    pub url: String,
    /// HMAC key of deliveries.
    pub signing_secret: SecretString,
    pub timeout: Duration,
    /// Deliveries at once.
    pub places: usize,
    /// After a first failure; later pauses double, each with full jitter.
    pub first_retry: Duration,
    pub longest_retry: Duration,
}

impl MvnoConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let text = reader.text("mvno.signing_secret");
        let signing_secret = match reader.secret("mvno.signing_secret", &text) {
            secret if secret.expose_secret().is_empty() => SecretString::from(DEMO_SIGNING_SECRET),
            secret => secret,
        };
        if signing_secret.expose_secret().len() < 16 {
            reader.fault("mvno.signing_secret must be 16 bytes or longer.");
        }
        MvnoConfig {
            url: reader.http_url("mvno.url"),
            signing_secret,
            timeout: reader.millis("mvno.timeout_ms", 50, 60_000),
            places: reader.number("mvno.places", 1, 1_000),
            first_retry: reader.millis("mvno.first_retry_ms", 10, 60_000),
            longest_retry: reader.seconds("mvno.longest_retry_s", 1, 86_400),
        }
    }
}
