//! What is told of logins and sessions to those who watch.

use super::{error::AuthError, password::Hasher, service::Auth};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};
use std::fmt;

impl Auth {
    /// Makes what is counted of logins part of what is exported.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.login.metrics.register(registry);
        registry.register_collector(Box::new(HashQueue(self.login.hasher.clone())));
    }

    /// Sessions that have not ended and not run out.
    ///
    /// # Errors
    /// [`AuthError::Db`].
    pub async fn live_sessions(&self) -> Result<i64, AuthError> {
        self.login.sessions.count().await
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
        let depth = ConstGauge::new(i64::try_from(self.0.waiting()).unwrap_or(i64::MAX));
        let help = "Password checks that run or wait";
        depth.encode(encoder.encode_descriptor(
            "hash_queue_depth",
            help,
            None,
            depth.metric_type(),
        )?)?;
        let checks = ConstCounter::new(self.0.checks());
        let help = "Password checks, those of unknown ids included";
        checks.encode(encoder.encode_descriptor(
            "password_checks",
            help,
            None,
            checks.metric_type(),
        )?)
    }
}
