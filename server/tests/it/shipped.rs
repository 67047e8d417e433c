//! The default configuration: it ships the numbers that the documents promise.

use server::config::Layers;
use std::time::Duration;

/// Section 6 of the specification, and further numbers that documents rely on.
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
    // Nothing that KOS has not promised is assumed.
    assert!(config.kos.capabilities.is_empty());
    // Password hashing is not cheaper than the minimum that production accepts.
    let hash = (
        auth.argon2_memory_kib,
        auth.argon2_passes,
        auth.argon2_lanes,
    );
    assert_eq!(hash, (19_456, 2, 1));
}

/// The limits on what a failing neighbour may cost: I7, I8, H4, M1, M3, and the table of limits in
/// `docs/ARCHITECTURE.md`.
#[test]
fn what_may_be_waited_for_held_and_read_is_what_is_required() {
    let config = Layers::default().finish().unwrap();
    let (http, kos) = (&config.http, &config.kos);
    let ms = Duration::from_millis;
    for (what, is, promised) in [
        ("a connection to KOS", kos.connect_timeout, ms(500)),
        ("a place for a call to KOS", kos.place_timeout, ms(100)),
        ("Redis", config.cache.operation_timeout, ms(50)),
        ("a delivery", config.mvno.timeout, ms(5_000)),
        ("an answer", http.request_timeout, ms(10_000)),
        (
            "a head, a body, the next request",
            http.read_timeout,
            ms(5_000),
        ),
        ("a balancer that has to notice", http.drain_pause, ms(2_000)),
        ("requests at the end", http.drain_timeout, ms(8_000)),
    ] {
        assert_eq!(is, promised, "{what}");
    }
    let (inquiries, changes) = (kos.inquiry_places, kos.change_places);
    assert_eq!((inquiries, changes, config.mvno.places), (32, 8, 8));
    assert_eq!(kos.max_connections, 48);
    assert_eq!((http.body_limit, kos.body_limit), (16_384, 262_144));
    assert_eq!((http.max_in_flight, http.max_connections), (1_024, 4_096));
    for database in [
        &config.databases.auth,
        &config.databases.bill,
        &config.databases.product,
    ] {
        let waits = (database.acquire_timeout, database.statement_timeout);
        assert_eq!(waits, (ms(300), ms(2_000)));
        let holds = (database.lock_timeout, database.idle_in_transaction_timeout);
        assert_eq!(holds, (ms(500), ms(5_000)));
        assert_eq!(database.max_connections, 8);
    }
}
