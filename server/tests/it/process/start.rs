//! The start of a process: refusals with a reason, and readiness.

use crate::support::{
    client::Client,
    process::{Process, run},
};
use serde_json::json;

#[tokio::test]
async fn two_processes_do_not_serve_from_one_sqlite_file() {
    let data = tempfile::tempdir().unwrap();
    let first = Process::serve(&data, &[]);
    let (code, said) = run(&data, "serve", &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("SQLite serves one process"), "{said}");
    // A maintenance command beside it is not a second server.
    assert_eq!(run(&data, "account list", &[]).0, Some(0));
    drop(first);
    Process::serve(&data, &[]);
}

/// A replica without Redis and KOS starts and is ready. Without its database it starts too, reports
/// itself as not ready, and waits for it.
#[tokio::test]
async fn only_the_database_makes_a_replica_unready() {
    let data = tempfile::tempdir().unwrap();
    let nobody = "http://127.0.0.1:1";
    let away = [
        ("REDIS_URL", "redis://127.0.0.1:1"),
        ("KOS_URL", nobody),
        ("MVNO_AP_URL", nobody),
    ];
    let process = Process::serve(&data, &away);
    let client = Client::new(&process.origin);
    let ready = client.get("/health/ready").await;
    assert_eq!(ready.status, 200);
    let cache = json!({ "shared": true, "answers": false });
    assert_eq!(ready.json()["cache"], cache);
    let data = tempfile::tempdir().unwrap();
    let no_database = [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("PHONEBILL_PROFILE", "demo"),
    ];
    let process = Process::serve(&data, &no_database);
    let client = Client::new(&process.origin);
    let unready = client.get("/health/ready").await;
    assert_eq!(unready.status, 503);
    assert_eq!(unready.json()["schema"], false);
    assert_eq!(client.get("/health/live").await.status, 200);
}
