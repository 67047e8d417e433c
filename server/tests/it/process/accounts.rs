//! Account commands beside servers that share a database.

use crate::support::{
    client::Client,
    postgres::Database,
    process::{Process, run, run_with},
    wait::until,
};
use serde_json::json;

const SECRET: (&str, &str) = (
    "PHONEBILL__AUTH__TOKEN_SECRET",
    "a secret of the tests, 32 bytes or more",
);

#[tokio::test]
async fn a_command_about_accounts_migrates_only_where_a_server_would() {
    let Some(database) = Database::create().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let url = database.url();
    let production = [("DATABASE_URL", url.as_str()), SECRET];
    // Twice: the first command must not have created the schema.
    for _ in 0..2 {
        let (code, said) = run(&data, "account list", &production);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("run `phonebill migrate` first"), "{said}");
    }
    assert_eq!(run(&data, "migrate", &production).0, Some(0));
    assert_eq!(run(&data, "account list", &production).0, Some(0));
    database.remove().await;

    let Some(database) = Database::create().await else {
        return;
    };
    let url = database.url();
    let demo = [
        ("DATABASE_URL", url.as_str()),
        ("PHONEBILL_PROFILE", "demo"),
        SECRET,
    ];
    assert_eq!(run(&data, "account list", &demo).0, Some(0));
    database.remove().await;
}

/// Failed logins are stored under a keyed hash of the id: with another key, `unlock` would find none
/// and report success.
#[tokio::test]
async fn beside_servers_a_command_about_accounts_needs_their_secret() {
    let Some(database) = Database::create().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let url = database.url();
    let external = ("DATABASE_URL", url.as_str());
    assert_eq!(run(&data, "migrate", &[external]).0, Some(0));
    for profile in ["production", "demo"] {
        let settings = [external, ("PHONEBILL_PROFILE", profile)];
        let (code, said) = run(&data, "account unlock demo01", &settings);
        assert_eq!(code, Some(78), "{said}");
        assert!(said.contains("auth.token_secret"), "{said}");
    }
    assert!(
        !data.path().join("token.secret").exists(),
        "none is invented"
    );
    let ids = ("PHONEBILL__AUTH__ID_SECRET", SECRET.1);
    assert_eq!(run(&data, "account list", &[external, ids]).0, Some(0));
    database.remove().await;
}

/// Beside a running server, on the embedded database; the account tests cover both databases.
#[tokio::test]
async fn another_password_is_read_from_standard_input_and_servers_notice() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(&data, &[]);
    let anonymous = || Client::new(&server.origin);
    let log_in = async |password: &str| {
        let body = json!({"userId": "demo01", "password": password});
        anonymous().post_json("/api/v1/auth/login", body).await
    };
    let login = log_in("Demo-pass-2026").await.json();
    let signed_in = anonymous().bearer(login["accessToken"].as_str().unwrap());
    assert_eq!(signed_in.get("/api/v1/auth/user-info").await.status, 200);

    let command = "account set-password demo01";
    let (code, said) = run(&data, command, &[]);
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = run_with(&data, command, &[], "another horse 8\n");
    assert_eq!(code, Some(0), "{said}");

    until("the session has ended", async || {
        signed_in.get("/api/v1/auth/user-info").await.status == 401
    })
    .await;
    assert_eq!(log_in("Demo-pass-2026").await.status, 401);
    assert_eq!(log_in("another horse 8").await.status, 200);
}
