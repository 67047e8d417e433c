//! A database of the demo, served in production.

use super::{SECRETS, away::Away};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    environment,
    postgres::Database,
    process::{Process, run, run_with},
};
use secrecy::ExposeSecret;
use server::auth::DEMO_PASSWORD;

on_both_databases! { production_does_not_start_where_the_published_password_lets_anybody_in }

async fn production_does_not_start_where_the_published_password_lets_anybody_in(
    database: TestDatabase,
) {
    let data = tempfile::tempdir().unwrap();
    let url = database.config.url.expose_secret();
    let shared = |profile| {
        let settings = [("DATABASE_URL", url), ("PHONEBILL_PROFILE", profile)];
        SECRETS.into_iter().chain(settings)
    };
    drop(Process::serve(&data, &shared("demo").collect::<Vec<_>>()));

    let addr = environment::free_address();
    let mut production: Vec<_> = shared("production").collect();
    production.extend([
        ("KOS_URL", "http://127.0.0.1:1"),
        ("MVNO_AP_URL", "http://127.0.0.1:1"),
        ("PHONEBILL__HTTP__PUBLIC_ORIGIN", "https://bill.example.com"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "none"),
        ("PHONEBILL_HTTP_ADDR", &addr),
    ]);
    let lock = |user_id: &str| {
        let (code, said) = run(&data, &format!("account lock {user_id}"), &production);
        assert_eq!(code, Some(0), "{said}");
    };
    let (code, said) = run(&data, "serve", &production);
    assert_eq!(code, Some(78), "{said}");
    for named in [
        "demo01, bill01, prod01, susp01, none01",
        "phonebill account lock",
        "phonebill account set-password",
    ] {
        assert!(said.contains(named), "{said}");
    }
    for user_id in ["bill01", "prod01", "susp01"] {
        lock(user_id);
    }
    let command = "account set-password demo01";
    let (code, said) = run_with(&data, command, &production, "Demo-pass-2026\n");
    assert_eq!(code, Some(1), "the published password again: {said}");
    let (code, said) = run_with(&data, command, &production, "another horse 8\n");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&data, "serve", &production);
    assert_eq!(code, Some(78), "{said}");
    assert!(
        said.contains("none01") && !said.contains("demo01"),
        "{said}"
    );

    lock("none01");
    let _process = Process::serve(&data, &production);
    let site = Client::new(&format!("http://{addr}"));
    assert_eq!(site.get("/health/ready").await.status, 200);
}

/// PostgreSQL was away at the start, so the accounts are found later; until then nobody logs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_password_lets_nobody_in_while_it_is_not_known_to_be_refused() {
    let Some(created) = Database::create().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let url = created.url();
    let demo = [
        ("DATABASE_URL", url.as_str()),
        ("PHONEBILL_PROFILE", "demo"),
    ];
    drop(Process::serve(&data, &demo));
    let away = Away::start(&data, &url).await;
    let code = away.ends_without_a_login("demo01", DEMO_PASSWORD).await;
    assert_eq!(code, Some(78));
    created.remove().await;
}
