//! The cache and the times to live.

use super::reader::Reader;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::time::Duration;

/// Where values are cached, and for how long.
#[derive(Clone, Debug)]
pub struct CacheConfig {
    /// `None`: in-process.
    pub url: Option<SecretString>,
    /// Separates this deployment's keys in a shared Redis; empty: the only deployment.
    pub namespace: String,
    pub max_entries: u64,
    pub operation_timeout: Duration,
    /// Whether values of Redis are also kept in the process until Redis invalidates them.
    pub client_side: bool,
    pub session_ttl: Duration,
    pub bill_ttl: Duration,
    pub line_ttl: Duration,
    pub catalogue_ttl: Duration,
}

impl CacheConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let text = reader.text("cache.url");
        let url = (!text.is_empty()).then(|| reader.secret("cache.url", &text));
        if let Some(url) = &url
            && !["redis://", "rediss://"]
                .iter()
                .any(|s| url.expose_secret().starts_with(s))
        {
            reader.fault("cache.url must start with redis:// or rediss://.");
        }
        let namespace = reader.text("cache.namespace");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if namespace.len() > 64 || !namespace.bytes().all(plain) {
            reader.fault("cache.namespace must be up to 64 letters, digits and \"-\".");
        }
        let client_side = reader.text("cache.client_side");
        CacheConfig {
            url,
            namespace,
            client_side: reader.on_off("cache.client_side", &client_side),
            max_entries: reader.number("cache.max_entries", 1, 100_000_000),
            operation_timeout: reader.millis("cache.operation_timeout_ms", 1, 10_000),
            session_ttl: reader.seconds("cache.session_ttl_s", 1, 86_400),
            bill_ttl: reader.seconds("cache.bill_ttl_s", 1, 86_400),
            line_ttl: reader.seconds("cache.line_ttl_s", 1, 86_400),
            catalogue_ttl: reader.seconds("cache.catalogue_ttl_s", 1, 604_800),
        }
    }
}
