//! PostgreSQL in trouble: a clear 503 soon, no wrong answer, and recovery without a restart. Only
//! PostgreSQL can be away: SQLite is a file of this process.

use crate::support::{
    backends::{TestDatabase, on_postgres},
    client::Client,
    test_app::TestApp,
    wait::until,
};
use secrecy::ExposeSecret;
use server::{clock::Clock, db::connect};
use simulator::fault_proxy::{Direction, Ending, FaultProxy, Protocol, Weather};
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;

/// A request that needs the database.
const HISTORY: &str = "/api/v1/bill/history";
/// Lock 0.5 s, statement 2 s, connection 0.3 s, and room for a busy machine.
const SOON: Duration = Duration::from_secs(4);

/// The product with a proxy between it and its database.
async fn behind_a_proxy(database: &TestDatabase) -> (TestApp, FaultProxy) {
    let url = database.config.url.expose_secret();
    let options: PgConnectOptions = url.parse().unwrap();
    let port = options.get_port();
    let upstream = format!("127.0.0.1:{port}").parse().unwrap();
    let proxy = FaultProxy::start(upstream, Protocol::Postgres, 7).unwrap();
    let through = url.replace(&format!(":{port}/"), &format!(":{}/", proxy.addr().port()));
    assert_ne!(through, url);
    let mut config = database.config.clone();
    config.url = through.into();
    let db = connect(&config).await.unwrap();
    let app = TestApp::start(&TestDatabase { config, db }).await;
    (app, proxy)
}

/// Expects a 503 with a problem, soon.
async fn refuses_soon(client: &Client, what: &str) {
    let clock = Clock::system();
    let answer = client.get(HISTORY).await;
    let took = clock.monotonic();
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "UNAVAILABLE"),
        "{what}: {answer:?}"
    );
    assert!(!answer.header("retry-after").is_empty(), "{what}");
    assert!(took < SOON, "{what} took {took:?}");
}

async fn works_again(client: &Client, what: &str) {
    until(what, || async { client.get(HISTORY).await.status == 200 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_in_trouble_is_a_503_soon_and_no_restart_is_needed() {
    on_postgres(every_trouble).await;
}

async fn every_trouble(database: TestDatabase) {
    let (app, proxy) = behind_a_proxy(&database).await;
    works_again(&app.login("demo01").await, "the start").await;
    let client = app.login("demo01").await;

    // A lock that every request needs is held: PostgreSQL's `lock_timeout` ends the wait.
    let url = database.config.url.expose_secret();
    let mut holder = PgConnection::connect(url).await.unwrap();
    for sql in ["BEGIN", "LOCK TABLE bill_request"] {
        holder.execute(sql).await.unwrap();
    }
    refuses_soon(&client, "a lock").await;
    holder.execute("ROLLBACK").await.unwrap();
    works_again(&client, "the lock is gone").await;

    // PostgreSQL hangs, or the network drops everything: no time-out on the server can help.
    proxy.set_weather(Direction::ToClient, Weather::hole());
    refuses_soon(&client, "a black hole").await;
    // Others do not queue behind it.
    refuses_soon(&client, "a black hole, again").await;
    assert_eq!(client.get("/health/ready").await.status, 503);
    assert_eq!(client.get("/health/live").await.status, 200);
    proxy.calm();
    works_again(&client, "the hole is gone").await;

    proxy.refuse(true);
    proxy.cut_all(Ending::Reset);
    refuses_soon(&client, "reset and refused").await;
    proxy.calm();
    works_again(&client, "it listens again").await;

    // An operator ends every connection: at most what was on the wire is refused.
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE pid <> pg_backend_pid() AND datname = current_database()";
    holder.execute(kill).await.unwrap();
    works_again(&client, "connections were ended").await;
    holder.close().await.unwrap();
    app.stop().await;
}

/// Screens that need no database go on, so a replica whose connections are all taken is no reason to
/// send its customers elsewhere: every other replica would be just as busy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_whose_connections_are_all_taken_stays_ready() {
    on_postgres(every_connection_waits).await;
}

async fn every_connection_waits(database: TestDatabase) {
    let patient = [
        ("PHONEBILL__DATABASE__MAX_CONNECTIONS", "1"),
        ("PHONEBILL__DATABASE__LOCK_TIMEOUT_MS", "20000"),
        ("PHONEBILL__DATABASE__STATEMENT_TIMEOUT_MS", "30000"),
    ];
    let app = TestApp::start_with(&database, &patient).await;
    let client = app.login("demo01").await;
    let url = database.config.url.expose_secret();
    let mut holder = PgConnection::connect(url).await.unwrap();
    for sql in ["BEGIN", "LOCK TABLE bill_request"] {
        holder.execute(sql).await.unwrap();
    }
    let waits = client.get(HISTORY);
    let probes = async {
        let waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted
                           AND database = (SELECT oid FROM pg_database
                                            WHERE datname = current_database())";
        until("the connection waits", async || {
            database.number(waiting).await >= 1
        })
        .await;
        assert_eq!(client.get(HISTORY).await.status, 503);
        let ready = client.get("/health/ready").await;
        assert_eq!(ready.status, 200, "{ready:?}");
        holder.execute("ROLLBACK").await.unwrap();
    };
    let (waited, ()) = tokio::join!(waits, probes);
    assert_eq!(waited.status, 200);
    app.stop().await;
}
