//! What the runner of the tests says.

/// The server on which each test makes a database of its own.
pub const POSTGRES_URL: &str = "PHONEBILL_TEST_POSTGRES_URL";
/// The server on which each test keeps its keys under a name of its own.
pub const REDIS_URL: &str = "PHONEBILL_TEST_REDIS_URL";
/// `1`: the absence of a back end is a failure.
const REQUIRE_BACKENDS: &str = "PHONEBILL_REQUIRE_BACKENDS";

/// The value of that variable.
#[expect(
    clippy::disallowed_methods,
    reason = "the server's configuration knows nothing of tests"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The URL of a back end. Without it the test says that it is skipped, or fails.
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
