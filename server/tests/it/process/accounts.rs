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
const IDS: (&str, &str) = ("PHONEBILL__AUTH__ID_SECRET", SECRET.1);

#[tokio::test]
async fn a_command_about_accounts_migrates_only_where_a_server_would() {
    let Some(database) = Database::create().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let url = database.url();
    let production = [("DATABASE_URL", url.as_str()), IDS];
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
    let (code, said) = run(&data, "account list", &demo);
    assert_eq!(code, Some(0), "{said}");
    // Whose accounts they are, without the password.
    assert!(said.starts_with("phonebill: demo, postgres://"), "{said}");
    assert!(!said.contains('@'), "{said}");
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
    for (profile, secret, missing) in [
        // Servers in production key the locks by no other.
        ("production", Some(SECRET), "auth.id_secret"),
        ("production", None, "auth.id_secret"),
        ("demo", None, "auth.token_secret"),
    ] {
        let settings = [external, ("PHONEBILL_PROFILE", profile)];
        let settings: Vec<_> = settings.into_iter().chain(secret).collect();
        let (code, said) = run(&data, "account unlock demo01", &settings);
        assert_eq!(code, Some(78), "{said}");
        assert!(said.contains(missing), "{said}");
    }
    assert!(
        !data.path().join("token.secret").exists(),
        "none is invented"
    );
    assert_eq!(run(&data, "account list", &[external, IDS]).0, Some(0));
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

/// What stands in the customer's contract is known to others.
#[test]
fn no_password_is_the_customers_own_number() {
    let data = tempfile::tempdir().unwrap();
    let demo = [("PHONEBILL_PROFILE", "demo")];
    let create = "account create minsu --name Minsu --customer-id CUST-4711 --line 01098765432 \
                  --line 01087654321";
    let create = create.split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = |command: &str| {
        for typed in ["01098765432", "010-8765-4321", "a8765.4321", "cust-4711"] {
            let (code, said) = run_with(&data, command, &demo, &format!("{typed}\n"));
            assert_eq!(code, Some(1), "{command}, {typed}: {said}");
            assert!(said.contains("a line number"), "{said}");
            assert!(!said.contains(typed), "{said}");
        }
    };
    refused(&create);
    let (code, said) = run_with(&data, &create, &demo, "correct horse 7\n");
    assert_eq!(code, Some(0), "{said}");
    refused("account set-password minsu");
}
