//! A schema that is not current: production refuses it, and writes nothing before it knows.

use super::{SECRETS, away::Away};
use crate::support::{
    backends::TestDatabase,
    client::Client,
    environment,
    postgres::Database,
    process::{Process, run},
    wait::until,
};
use secrecy::ExposeSecret;
use serde_json::json;
use server::auth::DEMO_PASSWORD;
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;

const RECORDED: &str = "SELECT COUNT(*) FROM bill_request";
/// As if the newest migration had not run.
const TAKE_BACK: &str = "UPDATE _sqlx_migrations SET version = -version
                         WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
const MIGRATE: &str = "UPDATE _sqlx_migrations SET version = -version WHERE version < 0";

pub(super) fn production(url: &str) -> Vec<(&str, &str)> {
    let mut settings = vec![
        ("DATABASE_URL", url),
        ("PHONEBILL_PROFILE", "production"),
        ("KOS_URL", "http://127.0.0.1:1"),
        ("MVNO_AP_URL", "http://127.0.0.1:1"),
        ("PHONEBILL__HTTP__PUBLIC_ORIGIN", "https://bill.example.com"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "none"),
    ];
    settings.extend(SECRETS);
    settings
}

#[tokio::test]
async fn production_does_not_start_on_a_schema_that_is_not_current() {
    let Some(database) = Database::create().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let url = database.url();
    let production = production(&url);
    let (code, said) = run(&data, "serve", &production);
    assert_eq!(code, Some(1));
    assert!(said.contains("run `phonebill migrate` first"), "{said}");
    assert_eq!(run(&data, "migrate", &production).0, Some(0));
    let addr = environment::free_address();
    let mut settings = production;
    settings.push(("PHONEBILL_HTTP_ADDR", &addr));
    let process = Process::serve(&data, &settings);
    let ready = Client::new(&format!("http://{addr}"))
        .get("/health/ready")
        .await;
    assert_eq!(ready.status, 200, "{ready:?}");
    drop(process);
    database.remove().await;
}

/// The journal of a killed process lies in `data`, and the database, with nothing recorded, is a
/// migration behind.
async fn killed_before_the_update(database: &TestDatabase, data: &TempDir) {
    let url = database.config.url.expose_secret();
    let demo = [("DATABASE_URL", url), ("PHONEBILL_PROFILE", "demo")];
    let process = Process::serve(data, &demo);
    let mut holder = PgConnection::connect(url).await.unwrap();
    let client = Client::new(&process.origin);
    until("the process is ready", || async {
        client.get("/health/ready").await.status == 200
    })
    .await;
    for sql in ["BEGIN", "LOCK TABLE bill_request IN SHARE MODE"] {
        holder.execute(sql).await.unwrap();
    }
    let body = json!({ "userId": "demo01", "password": DEMO_PASSWORD });
    let login = client.post_json("/api/v1/auth/login", body).await;
    let token = login.json()["accessToken"].as_str().unwrap().to_owned();
    let customer = client.bearer(&token);
    let bill = customer.post_json("/api/v1/bill/inquiry", json!({})).await;
    assert_eq!(bill.status, 200, "{bill:?}");
    drop(process);
    holder.close().await.unwrap();
    // Production refuses open demo accounts, which is not what this is about.
    let lock = "UPDATE auth_account SET status = 'LOCKED'";
    assert!(database.execute(lock).await > 0);
    assert_eq!(database.execute(TAKE_BACK).await, 1);
    assert_eq!(database.number(RECORDED).await, 0);
}

#[tokio::test]
async fn what_a_killed_process_left_is_not_written_to_a_schema_that_is_not_current() {
    let Some(created) = Database::create().await else {
        return;
    };
    let database = TestDatabase::open(created.url()).await;
    let data = tempfile::tempdir().unwrap();
    killed_before_the_update(&database, &data).await;
    let (code, said) = run(&data, "serve", &production(&created.url()));
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(database.number(RECORDED).await, 0);
    database.db.close().await;
    created.remove().await;
}

/// PostgreSQL was away at the start, so the schema is checked later; until then nothing is served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_and_workers_wait_for_a_schema_that_could_not_be_checked_at_the_start() {
    let Some(created) = Database::create().await else {
        return;
    };
    let database = TestDatabase::open(created.url()).await;
    let data = tempfile::tempdir().unwrap();
    killed_before_the_update(&database, &data).await;
    assert_eq!(database.execute(MIGRATE).await, 1);

    let mut away = Away::start(&data, &created.url()).await;
    assert_eq!(away.login("demo01", DEMO_PASSWORD).await, Some(503));
    let page = away
        .site
        .send("GET", "/login", &[("accept", "text/html")], Vec::new());
    let page = page.await;
    assert_eq!((page.status, page.header("retry-after")), (503, "1"));
    let unready = away.site.get("/health/ready").await;
    assert_eq!(unready.json()["schema"], false);
    assert_eq!(away.site.get("/health/live").await.status, 200);
    assert_eq!(database.number(RECORDED).await, 0);
    away.is_over();
    until("the process is ready", || async {
        away.site.get("/health/ready").await.status == 200
    })
    .await;
    away.process.announces_ready().await;
    until("the journal is recorded", || async {
        database.number(RECORDED).await == 1
    })
    .await;
    // Of a locked account.
    assert_eq!(away.login("demo01", DEMO_PASSWORD).await, Some(401));
    drop(away);
    database.db.close().await;
    created.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_that_turns_out_not_to_be_current_ends_the_process_as_at_the_start() {
    let Some(created) = Database::create().await else {
        return;
    };
    let database = TestDatabase::open(created.url()).await;
    let data = tempfile::tempdir().unwrap();
    killed_before_the_update(&database, &data).await;
    let away = Away::start(&data, &created.url()).await;
    let code = away.ends_without_a_login("demo01", DEMO_PASSWORD).await;
    assert_eq!(code, Some(1));
    assert_eq!(database.number(RECORDED).await, 0);
    database.db.close().await;
    created.remove().await;
}
