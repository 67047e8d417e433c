//! How patient the parts of a test are.

use server::config::{BreakerConfig, CacheConfig, Capability, KosConfig};
use std::time::Duration;

/// Generous deadlines: a healthy call passes on a busy machine too.
pub(super) fn limits() -> KosConfig {
    KosConfig {
        url: String::new(),
        inquiry_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(2),
        inquiry_places: 64,
        change_places: 16,
        max_connections: 96,
        place_timeout: Duration::from_secs(5),
        body_limit: 262_144,
        calls_per_minute: 0,
        capabilities: vec![],
        change_horizon: Duration::from_secs(30),
    }
}

/// Short deadlines, for calls that are never answered and rows that are left behind.
pub(super) fn impatient() -> KosConfig {
    KosConfig {
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

pub(super) fn unbreakable() -> BreakerConfig {
    BreakerConfig {
        window: 10_000,
        minimum_calls: 10_000,
        failure_rate: 100,
        slow_call: Duration::from_secs(9),
        slow_rate: 100,
        open_for: Duration::from_secs(10),
        probes: 3,
    }
}

pub(super) fn times_to_live() -> CacheConfig {
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    CacheConfig {
        url: None,
        namespace: String::new(),
        max_entries: 1_000,
        operation_timeout: Duration::from_millis(50),
        client_side: false,
        session_ttl: Duration::from_secs(1_800),
        bill_ttl: hours(1),
        line_ttl: hours(4),
        catalogue_ttl: hours(24),
    }
}
