//! The numbers that are promised are the numbers that are shipped.

use server::config::Layers;
use std::time::Duration;

/// Section 6 of the specification, and the numbers beside them that documents rely on.
#[test]
fn times_locks_and_limits_are_those_of_the_specification() {
    let config = Layers::default().finish().unwrap();
    let (auth, cache) = (&config.auth, &config.cache);
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let hours = |hours: u64| minutes(60 * hours);
    for (what, is, promised) in [
        ("a session, idle", auth.idle_ttl, minutes(30)),
        ("an access token", auth.access_ttl, minutes(30)),
        (
            "a refresh token, automatic login",
            auth.refresh_ttl,
            hours(24),
        ),
        ("a lock", auth.lock_for, minutes(30)),
        ("a session, cached", cache.session_ttl, minutes(30)),
        ("a bill, cached", cache.bill_ttl, hours(1)),
        ("a line, cached", cache.line_ttl, hours(4)),
        ("the catalogue, cached", cache.catalogue_ttl, hours(24)),
        (
            "an inquiry at KOS",
            config.kos.inquiry_timeout,
            Duration::from_secs(3),
        ),
        (
            "a change at KOS",
            config.kos.change_timeout,
            Duration::from_secs(5),
        ),
        (
            "the breaker, open",
            config.breaker.open_for,
            Duration::from_secs(10),
        ),
        (
            "a slow call",
            config.breaker.slow_call,
            Duration::from_millis(2_500),
        ),
    ] {
        assert_eq!(is, promised, "{what}");
    }
    assert_eq!(auth.lock_after, 5);
    let breaker = &config.breaker;
    assert_eq!((breaker.window, breaker.minimum_calls), (20, 10));
    assert_eq!((breaker.failure_rate, breaker.slow_rate), (50, 80));
    assert_eq!(breaker.probes, 3);
    assert!(config.limits.enabled);
    // What KOS has not promised is not taken for granted.
    assert!(config.kos.capabilities.is_empty());
    // No cheaper password than the least that production accepts.
    let hash = (
        auth.argon2_memory_kib,
        auth.argon2_passes,
        auth.argon2_lanes,
    );
    assert_eq!(hash, (19_456, 2, 1));
}
