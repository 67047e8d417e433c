//! Commands about accounts, beside servers that share a database.

use super::run;
use crate::support::postgres::Database;

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
    // Twice: the first look must not have made what the second one finds.
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

/// Failed logins are kept under a keyed hash of the id: with another key `unlock` would find none
/// of them and call that unlocked.
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
