//! The log of the real binary. It does not depend on the database, so it is the embedded one.

use crate::support::{
    client::Client,
    process::{Process, phonebill},
};
use serde_json::json;
use std::fs::{self, File};

/// The request id that a customer quotes finds the line, even if only warnings are logged.
#[tokio::test]
async fn a_warning_names_the_request_it_belongs_to() {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log");
    let mut command = phonebill(data.path());
    command
        .arg("serve")
        .env("PHONEBILL__LOG__LEVEL", "warn")
        .env("REDIS_URL", "redis://127.0.0.1:1")
        .stderr(File::create(&log).unwrap());
    let process = Process::started(&mut command);
    let login = json!({ "userId": "demo01", "password": "Demo-pass-2026" });
    let answer = Client::new(&process.origin)
        .with("x-request-id", "asked-by-demo01")
        .post_json("/api/v1/auth/login", login)
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    drop(process);
    let said = fs::read_to_string(log).unwrap();
    let mut lines = said.lines();
    let found = lines.any(|line| line.contains("asked-by-demo01") && line.contains("WARN"));
    assert!(found, "{said}");
}
