//! The cache and the times to live.

use secrecy::SecretString;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct CacheConfig {
    /// `None`: in-process.
    pub url: Option<SecretString>,
    pub max_entries: u64,
    pub operation_timeout: Duration,
    pub session_ttl: Duration,
    pub bill_ttl: Duration,
    pub line_ttl: Duration,
    pub catalogue_ttl: Duration,
}
