//! The program of its own: starts, tells its addresses, stops when asked to.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

#[tokio::test]
async fn it_prints_its_addresses_serves_and_stops_on_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let any = "127.0.0.1:0";
    let mut program = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args([
            "--kos-addr",
            any,
            "--ap-addr",
            any,
            "--control-addr",
            any,
            "--base-only",
        ])
        .args(["--fault", "kos.list=refuse:9998*1", "--ledger-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(program.stdout.take().unwrap())
        .lines()
        .take(3);
    let urls: Vec<String> = lines
        .map(|line| line.unwrap().split_whitespace().last().unwrap().to_owned())
        .collect();
    let list = format!("{}/api/v1/kos/product/list", urls[0]);
    for code in ["9998", "0000"] {
        let answer = reqwest::get(&list)
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap();
        assert_eq!(answer["resultCode"], code);
    }
    let ledger = reqwest::get(format!("{}/control/ledger", urls[2]))
        .await
        .unwrap();
    assert_eq!(ledger.status(), 200);
    let id = program.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(program.wait().unwrap().success());
}

#[test]
fn it_refuses_a_rule_that_means_nothing() {
    let output = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args(["--fault", "kos.list=hung"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("is not a fault rule")
    );
}
