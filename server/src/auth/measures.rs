//! The metrics of logins and sessions.

use super::{error::AuthError, password::Hasher, service::Auth};
use crate::metrics::scraped;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Registry};
use std::fmt;

impl Auth {
    /// Registers the counters of logins.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.0.login.metrics.register(registry);
        registry.register_collector(Box::new(HashQueue(self.0.login.hasher.clone())));
    }

    /// The number of sessions that have neither ended nor run out.
    ///
    /// # Errors
    /// [`AuthError::Db`].
    pub async fn live_sessions(&self) -> Result<i64, AuthError> {
        self.0.login.sessions.count().await
    }
}

/// The queue before argon2.
struct HashQueue(Hasher);

impl fmt::Debug for HashQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashQueue")
    }
}

impl Collector for HashQueue {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let depth = scraped::gauge(self.0.waiting());
        let help = "Password checks that run or wait";
        scraped::show(&mut encoder, "hash_queue_depth", help, &depth)?;
        let checks = scraped::counter(self.0.checks());
        let help = "Password checks, those of unknown ids included";
        scraped::show(&mut encoder, "password_checks", help, &checks)
    }
}
