//! Time limits of the parts of a test.

use server::config::{BreakerConfig, Capability, Config, KosConfig, Layers};
use std::time::Duration;

/// The configuration as shipped.
pub(super) fn shipped() -> Config {
    Layers::default().finish().unwrap()
}

/// Generous deadlines: a healthy call passes on a busy machine too.
pub(super) fn limits() -> KosConfig {
    KosConfig {
        inquiry_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(2),
        inquiry_places: 64,
        change_places: 16,
        max_connections: 96,
        place_timeout: Duration::from_secs(5),
        ..shipped().kos
    }
}

/// Short deadlines, for calls that are never answered and rows left behind.
pub(super) fn impatient() -> KosConfig {
    KosConfig {
        // A lease is three times the longer one.
        inquiry_timeout: Duration::from_secs(1),
        change_timeout: Duration::from_millis(400),
        change_horizon: Duration::ZERO,
        ..limits()
    }
}

/// A KOS known to keep changes by their request id.
pub(super) fn with_lookup(limits: KosConfig) -> KosConfig {
    KosConfig {
        capabilities: vec![Capability::InquiryByRequestId],
        ..limits
    }
}

/// Never opens.
pub(super) fn unbreakable() -> BreakerConfig {
    BreakerConfig {
        window: 10_000,
        minimum_calls: 10_000,
        ..shipped().breaker
    }
}
