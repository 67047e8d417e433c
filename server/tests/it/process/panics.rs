//! A panic in the log. The child is this test program, because no request makes the product panic.

use server::{
    config::{LogConfig, LogFormat},
    telemetry,
};
use std::{env, process::Command, thread};

/// Set in the child only.
const IN_THE_CHILD: &str = "PHONEBILL_TEST_PANICS";
const CANARY: &str = "01012345678";

#[tokio::test]
async fn a_panic_is_logged_by_its_place_and_not_by_what_it_says() {
    if env::var_os(IN_THE_CHILD).is_some() {
        let config = LogConfig {
            level: "info".to_owned(),
            format: LogFormat::Json,
            otlp_endpoint: None,
        };
        let _telemetry = telemetry::init(&config).unwrap();
        let thread = thread::Builder::new().name("of-the-canary".to_owned());
        let panics = thread.spawn(|| panic!("no line {CANARY}")).unwrap();
        assert!(panics.join().is_err());
        return;
    }
    let name = "process::panics::a_panic_is_logged_by_its_place_and_not_by_what_it_says";
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(IN_THE_CHILD, "1")
        .output()
        .unwrap();
    let said = String::from_utf8(child.stderr).unwrap();
    assert!(child.status.success(), "{said}");
    assert!(!said.contains(CANARY), "{said}");
    let lines: Vec<serde_json::Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    let panic = lines.iter().find(|line| line["level"] == "ERROR").unwrap();
    let place = panic["fields"]["place"].as_str().unwrap();
    assert!(place.contains("panics.rs:"), "{panic}");
    assert_eq!(panic["fields"]["thread"], "of-the-canary");
}
