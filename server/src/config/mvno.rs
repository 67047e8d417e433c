//! The MVNO AP server.

use secrecy::SecretString;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct MvnoConfig {
    /// Without a trailing slash.
    pub url: String,
    /// HMAC key of deliveries.
    pub signing_secret: SecretString,
    pub timeout: Duration,
    /// Deliveries at once.
    pub places: usize,
}
