//! The rows of the matrix: the faults, and the answers each allows.

use crate::{
    expected::{Expected, Word},
    kind::{Kind, Needs},
    routes::Route,
    site::A_PART_IS_MISSING,
};
use std::time::Duration;

/// One row.
pub struct Fault {
    pub name: &'static str,
    pub kind: Kind,
    pub needs: Needs,
    /// Time from the fault to the first answer that counts.
    pub settles: Duration,
    pub lasts: Duration,
    /// The affected routes; every other one is unaffected.
    pub touches: &'static [(Route, Expected)],
    /// If no route is affected: what must be counted, or the fault had no effect.
    pub counted: Option<Counted>,
}

/// What shows that a fault was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The failures in a metric of the product.
    Failures(&'static str),
    /// The keys that were found in Redis and deleted.
    KeysFlushed,
}

pub const SHORT: Duration = Duration::from_secs(6);
/// Time in which enough calls time out to open a breaker.
const LONG: Duration = Duration::from_secs(12);

/// An open breaker probes after about ten seconds, three times.
const BREAKER: u64 = 15;

/// A slow PostgreSQL's delay of one answer.
const ONE_LATE_ANSWER: Duration = Duration::from_millis(100);

/// Until the breaker opens.
const HANGING: Expected = Expected::must(&[(504, "KOS_TIMEOUT"), (503, "KOS_UNAVAILABLE")])
    .slower_at_first_by(3)
    .back_in(BREAKER);
const FAILING: Expected = Expected::must(&[(503, "KOS_UNAVAILABLE")]).back_in(BREAKER);
const LYING: Expected =
    Expected::must(&[(502, "KOS_BAD_ANSWER"), (503, "KOS_UNAVAILABLE")]).back_in(BREAKER);

/// A change under way when the fault begins is being confirmed.
const PENDING: Word = (202, "");

const KOS_HANGS: &[(Route, Expected)] = &[
    (Route::Uncached, HANGING),
    (Route::Options, HANGING),
    (Route::Check, HANGING),
    (
        Route::Change,
        Expected::must(&[PENDING, (504, "KOS_TIMEOUT"), (503, "KOS_UNAVAILABLE")])
            .slower_by(8)
            .back_in(BREAKER),
    ),
];
const KOS_FAILS: &[(Route, Expected)] = &[
    (Route::Uncached, FAILING),
    (Route::Options, FAILING),
    (Route::Check, FAILING),
    (
        Route::Change,
        Expected::must(&[PENDING, (503, "KOS_UNAVAILABLE")]).back_in(BREAKER),
    ),
];
const KOS_LIES: &[(Route, Expected)] = &[
    (Route::Uncached, LYING),
    (Route::Options, LYING),
    (Route::Check, LYING),
    (
        Route::Change,
        Expected::must(&[PENDING, (502, "KOS_BAD_ANSWER"), (503, "KOS_UNAVAILABLE")])
            .back_in(BREAKER),
    ),
];

/// Most answers are at most 1.5 s later (M3), and normal within five. What is under way when the fault
/// begins may wait for a statement of two seconds.
const PAGE: Expected = Expected::may(&[(503, ""), (200, A_PART_IS_MISSING)])
    .slower_by(1)
    .slower_at_first_by(2)
    .back_in(5);
const API: Expected = Expected::may(&[(503, "UNAVAILABLE")])
    .slower_by(1)
    .slower_at_first_by(2)
    .back_in(5);
const CHANGE: Expected = Expected::may(&[PENDING, (503, "UNAVAILABLE")])
    .slower_by(1)
    .slower_at_first_by(3)
    .back_in(5);

const DATABASE_AWAY: &[(Route, Expected)] = &database(true, API, CHANGE);
/// The database is away now and then. A login writes, so it meets that; what else does is chance.
const DATABASE_ILL: &[(Route, Expected)] =
    &logging_in(Expected { must: true, ..API }, database(false, API, CHANGE));
/// A change takes twenty statements, each of two round trips on connections that have not prepared them.
/// No login is without several.
const DATABASE_SLOW: &[(Route, Expected)] = &logging_in(
    API.slower_by(2).mostly_slower_by_at_least(ONE_LATE_ANSWER),
    stays_ready(database(false, API.slower_by(2), CHANGE.slower_by(5))),
);

/// Reads work; routes that must write have to refuse.
const DATABASE_READ_ONLY: &[(Route, Expected)] = &[
    (Route::Login, Expected { must: true, ..API }),
    (
        Route::Change,
        Expected {
            must: true,
            ..CHANGE
        },
    ),
    // Readers wait a moment for records still to be written.
    (Route::Histories, API),
];

/// Each statement gives up after half a second.
const DATABASE_LOCKED: &[(Route, Expected)] = &stays_ready(database(true, API, CHANGE));

/// The same with another expectation for the first route.
const fn logging_in(
    login: Expected,
    mut routes: [(Route, Expected); 12],
) -> [(Route, Expected); 12] {
    routes[0] = (Route::Login, login);
    routes
}

/// With the database away, routes that need it must refuse.
const fn database(away: bool, api: Expected, change: Expected) -> [(Route, Expected); 12] {
    const fn or_refused(expected: Expected, must: bool) -> Expected {
        Expected { must, ..expected }
    }
    [
        (Route::Login, or_refused(api, away)),
        (Route::Main, PAGE),
        (Route::BillMenu, PAGE),
        (Route::Cached, api),
        (Route::Uncached, api),
        (Route::BillResult, PAGE),
        (Route::ProductMenu, PAGE),
        (Route::Options, api),
        (Route::Check, api),
        // Both askers may wait for a change that began before and is being recorded.
        (Route::Change, change),
        (Route::Histories, or_refused(api, away)),
        (Route::Ready, or_refused(PAGE, away)),
    ]
}

/// Readiness has a connection of its own: it is as late as the database, and says yes as long as that
/// answers.
const fn stays_ready(mut routes: [(Route, Expected); 12]) -> [(Route, Expected); 12] {
    let last = routes.len() - 1;
    routes[last] = (Route::Ready, Expected::may(&[]).slower_by(1));
    routes
}

const fn of_kos(
    name: &'static str,
    rules: &'static [&'static str],
    lasts: Duration,
    touches: &'static [(Route, Expected)],
) -> Fault {
    Fault {
        name,
        kind: Kind::Simulator(rules),
        needs: Needs::Nothing,
        settles: Duration::ZERO,
        lasts,
        touches,
        counted: None,
    }
}

const fn of_ap(name: &'static str, rules: &'static [&'static str]) -> Fault {
    Fault {
        counted: Some(Counted::Failures("phonebill_mvno_calls_total")),
        ..of_kos(name, rules, SHORT, &[])
    }
}

const fn of_redis(name: &'static str, kind: Kind) -> Fault {
    Fault {
        counted: Some(Counted::Failures("phonebill_cache_trouble_total")),
        ..of_servers(name, kind, &[])
    }
}

const fn of_servers(
    name: &'static str,
    kind: Kind,
    touches: &'static [(Route, Expected)],
) -> Fault {
    Fault {
        name,
        kind,
        needs: Needs::Servers,
        settles: Duration::ZERO,
        lasts: SHORT,
        touches,
        counted: None,
    }
}

/// Every row.
pub const FAULTS: &[Fault] = &[
    of_kos("KOS hang", &["kos=hang"], LONG, KOS_HANGS),
    of_kos("KOS 5xx", &["kos=error_before:503"], SHORT, KOS_FAILS),
    of_kos("KOS reset", &["kos=reset"], SHORT, KOS_FAILS),
    of_kos("KOS garbage", &["kos=garbage"], SHORT, KOS_LIES),
    of_kos("KOS slow drip", &["kos=slow_drip:50"], LONG, KOS_HANGS),
    Fault {
        kind: Kind::KosRefuses,
        ..of_kos("KOS refused", &[], SHORT, KOS_FAILS)
    },
    Fault {
        settles: Duration::from_secs(4),
        ..of_kos("breaker open", &["kos=error_before:500"], SHORT, KOS_FAILS)
    },
    of_ap("AP hang", &["ap=hang"]),
    of_ap("AP 5xx", &["ap=error_before:503"]),
    of_redis("Redis killed", Kind::RedisKilled),
    of_redis("Redis reset", Kind::RedisReset),
    of_redis("Redis stopped", Kind::RedisStopped),
    of_redis("Redis paused", Kind::RedisPaused),
    Fault {
        counted: Some(Counted::KeysFlushed),
        ..of_redis("Redis flushed", Kind::RedisFlushed)
    },
    of_redis("Redis slow", Kind::RedisSlow),
    of_redis("Redis silent", Kind::RedisSilent),
    of_redis("Redis wants a password", Kind::RedisLocked),
    of_redis("Redis read-only", Kind::RedisReadOnly),
    of_redis("Redis out of memory", Kind::RedisFull),
    of_servers("PostgreSQL away", Kind::PostgresAway, DATABASE_AWAY),
    of_servers("PostgreSQL crashing", Kind::PostgresCrashes, DATABASE_ILL),
    of_servers(
        "PostgreSQL restarted",
        Kind::PostgresRestarts,
        DATABASE_AWAY,
    ),
    of_servers("PostgreSQL hanging up", Kind::PostgresHangsUp, DATABASE_ILL),
    of_servers("PostgreSQL stopped", Kind::PostgresStopped, DATABASE_AWAY),
    of_servers("PostgreSQL slow", Kind::PostgresSlow, DATABASE_SLOW),
    of_servers("PostgreSQL locked", Kind::PostgresLocked, DATABASE_LOCKED),
    of_servers("PostgreSQL full", Kind::PostgresFull, DATABASE_AWAY),
    of_servers(
        "PostgreSQL read-only",
        Kind::PostgresReadOnly,
        DATABASE_READ_ONLY,
    ),
    Fault {
        needs: Needs::SmallDisk,
        ..of_servers("disk full", Kind::PostgresDiskFull, DATABASE_ILL)
    },
];
