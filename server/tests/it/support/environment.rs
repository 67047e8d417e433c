//! The environment of the test run.

/// The PostgreSQL server on which each test makes its own database.
pub const POSTGRES_URL: &str = "PHONEBILL_TEST_POSTGRES_URL";
/// The Redis server on which each test uses its own namespace.
pub const REDIS_URL: &str = "PHONEBILL_TEST_REDIS_URL";
/// `1`: a missing back end is a failure.
const REQUIRE_BACKENDS: &str = "PHONEBILL_REQUIRE_BACKENDS";

/// The value of a variable.
#[expect(
    clippy::disallowed_methods,
    reason = "the server's configuration knows nothing of tests"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The URL of a back end; without it, the test prints that it is skipped, or fails.
pub fn backend(name: &str) -> Option<String> {
    let url = variable(name);
    if url.is_none() {
        let required = variable(REQUIRE_BACKENDS).is_some_and(|value| value == "1");
        assert!(!required, "{name} is not set");
        say_skipped(name);
    }
    url
}

#[expect(
    clippy::explicit_write,
    reason = "the test harness swallows what `eprintln!` prints in tests that pass"
)]
fn say_skipped(name: &str) {
    use std::io::Write;
    let test = std::thread::current();
    let test = test.name().unwrap_or_default();
    writeln!(std::io::stderr(), "skipped {test}: {name} is not set").unwrap();
}

/// An address of this machine that was free a moment ago.
pub fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
