//! The real binary as a process: start, log, shutdown, command line.

mod accounts;
mod away;
mod demo_in_production;
mod drain;
mod faults;
mod log;
mod panics;
mod private;
mod proxies;
mod redis_tls;
mod schema;
mod start;

/// The secrets that production demands.
const SECRETS: [(&str, &str); 3] = [
    (
        "PHONEBILL__AUTH__TOKEN_SECRET",
        "a secret of the tests, 32 bytes or more",
    ),
    (
        "PHONEBILL__AUTH__ID_SECRET",
        "a third secret of the tests, as long as that",
    ),
    (
        "PHONEBILL__MVNO__SIGNING_SECRET",
        "another secret of the tests",
    ),
];
