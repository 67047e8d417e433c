//! Metrics: everything that the dashboard shows is exported, and counts.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    scrape,
    test_app::TestApp,
    wait::until,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

on_both_databases! {
    the_dashboard_shows_what_is_exported,
    an_inquiry_and_an_outage_are_counted,
    values_that_cannot_be_read_are_counted,
    inquiries_that_cannot_be_recorded_are_seen_to_wait,
    what_was_set_aside_is_shown_until_it_is_taken_away,
    an_open_breaker_is_shown_and_takes_nobody_out_of_service,
}

const DASHBOARD: &str = include_str!("../../../../deploy/grafana/phonebill.json");

const ALARMS: &str = include_str!("../../../../deploy/prometheus/phonebill.rules.yml");

/// The names of the product's metrics in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words
        .filter(|word| word.starts_with("phonebill_"))
        .map(ToOwned::to_owned)
        .collect()
}

/// The queries of a dashboard's panels.
fn queries(dashboard: &str) -> String {
    let dashboard: Value = serde_json::from_str(dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(panels.len() > 10);
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap());
    targets
        .map(|target| target["expr"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

fn missing(dashboard: &str, exported: &str) -> BTreeSet<String> {
    let (shown, exported) = (names(&queries(dashboard)), names(exported));
    shown.difference(&exported).cloned().collect()
}

/// The metrics that no panel shows.
fn hidden(dashboard: &str, exported: &str) -> BTreeSet<String> {
    let shown = names(&queries(dashboard));
    let declared = exported
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let declared = declared.filter_map(|line| line.split(' ').next());
    let is_shown = |name: &str| shown.iter().any(|shown| shown.starts_with(name));
    declared
        .filter(|name| !is_shown(name))
        .map(ToOwned::to_owned)
        .collect()
}

/// The value of a metric without labels.
async fn gauge(app: &TestApp, name: &str) -> f64 {
    let answer = app.operator().get("/metrics").await;
    scrape::value(&answer.text(), name).parse().unwrap()
}

async fn the_dashboard_shows_what_is_exported(database: TestDatabase) {
    let app = TestApp::start(&database.migrated().await).await;
    // A name appears with its first value; requests have been answered at the second scrape.
    app.anonymous().get("/login").await;
    let exported = app.operator().get("/metrics").await.text();
    assert_eq!(missing(DASHBOARD, &exported), BTreeSet::new());
    let (alarmed, known) = (names(ALARMS), names(&exported));
    assert!(alarmed.len() > 5);
    let unknown: Vec<_> = alarmed.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(hidden(DASHBOARD, &exported), BTreeSet::new());
    let without = DASHBOARD.replace("phonebill_journal_lag_seconds", "phonebill_sessions");
    assert!(hidden(&without, &exported).contains("phonebill_journal_lag_seconds"));
    let misspelt = DASHBOARD.replace("phonebill_logins_total", "phonebill_login_total");
    assert_eq!(missing(&misspelt, &exported).len(), 1, "cannot fail");
    app.stop().await;
}

async fn an_inquiry_and_an_outage_are_counted(database: TestDatabase) {
    let app = TestApp::start(&database.migrated().await).await;
    let client = app.login("demo01").await;
    for _ in 0..2 {
        let answer = client.post_json("/api/v1/bill/inquiry", json!({})).await;
        assert_eq!(answer.status, 200);
    }
    for password in 1..=6 {
        let body = json!({ "userId": "none01", "password": format!("wrong-guess-{password}") });
        app.anonymous().post_json("/api/v1/auth/login", body).await;
    }
    app.faults(&["kos.product=error_before:503"]);
    client.get("/api/v1/product/menu").await;
    let text = app.operator().get("/metrics").await.text();
    for line in [
        "phonebill_logins_total{result=\"Success\"} 1",
        // The fifth wrong password locks.
        "phonebill_logins_total{result=\"Refused\"} 4",
        "phonebill_logins_total{result=\"Locked\"} 2",
        "phonebill_cache_lookups_total{kind=\"bill\",result=\"Miss\"} 1",
        "phonebill_cache_lookups_total{kind=\"bill\",result=\"Hit\"} 1",
        "phonebill_kos_calls_total{operation=\"kos.bill\",result=\"ok\"} 1",
        "phonebill_kos_call_duration_seconds_count{operation=\"kos.bill\"} 1",
        "phonebill_kos_calls_total{operation=\"kos.line\",result=\"failed\"} 1",
        "phonebill_breaker_state{breaker=\"kos.line\"} 0",
        "phonebill_breaker_failure_percent{breaker=\"kos.line\"} 100",
        "phonebill_kos_calls_in_flight{kind=\"inquiry\"} 0",
        "phonebill_sessions 1",
        "phonebill_hash_queue_depth 0",
        "phonebill_journal_waiting_bytes ",
        "phonebill_journal_lag_seconds ",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    app.stop().await;
}

async fn values_that_cannot_be_read_are_counted(database: TestDatabase) {
    let app = TestApp::start(&database.clone().migrated().await).await;
    let failed = "phonebill_database_readings_failed_total{of=\"outbox\"}";
    let before = app.operator().get("/metrics").await.text().to_owned();
    assert!(before.contains(&format!("{failed} 0")), "{before}");
    database
        .execute("ALTER TABLE outbox RENAME TO elsewhere")
        .await;
    let after = app.operator().get("/metrics").await.text().to_owned();
    assert!(after.contains(&format!("{failed} 1")), "{after}");
    assert!(after.contains("phonebill_sessions 0"), "{after}");
    app.stop().await;
}

async fn inquiries_that_cannot_be_recorded_are_seen_to_wait(database: TestDatabase) {
    let app = TestApp::start(&database.clone().migrated().await).await;
    let client = app.login("demo01").await;
    database
        .execute("ALTER TABLE bill_request RENAME TO elsewhere")
        .await;
    let inquired = client.post_json("/api/v1/bill/inquiry", json!({})).await;
    assert_eq!(inquired.status, 200);
    let lag = || async { gauge(&app, "phonebill_journal_lag_seconds").await };
    until("the lag grows", || async { lag().await > 1.0 }).await;
    database
        .execute("ALTER TABLE elsewhere RENAME TO bill_request")
        .await;
    until("nothing waits", || async { lag().await < 1.0 }).await;
    app.stop().await;
}

async fn what_was_set_aside_is_shown_until_it_is_taken_away(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("set-aside.journal");
    let journal_dir = folder.path().display().to_string();
    let settings = [("PHONEBILL__BILL__JOURNAL_DIR", journal_dir.as_str())];
    // Of an earlier process: nothing is counted now.
    fs::write(&file, b"inquiry").unwrap();
    let app = TestApp::start_with(&database.migrated().await, &settings).await;
    let shows = async |line: &str| {
        let text = app.operator().get("/metrics").await.text().to_owned();
        assert!(text.contains(line), "{line} is not in\n{text}");
    };
    shows("phonebill_journal_set_aside_bytes 7\n").await;
    fs::remove_file(&file).unwrap();
    shows("phonebill_journal_set_aside_bytes 0\n").await;
    app.stop().await;
}

async fn an_open_breaker_is_shown_and_takes_nobody_out_of_service(database: TestDatabase) {
    let soon = [("PHONEBILL__BREAKER__MINIMUM_CALLS", "2")];
    let app = TestApp::start_with(&database.migrated().await, &soon).await;
    let client = app.login("demo01").await;
    let shown = async || {
        let ready = app.anonymous().get("/health/ready").await;
        assert_eq!(ready.status, 200);
        let ready = ready.json();
        let operations = ready["kos"]["operations"].as_array().unwrap();
        let line = operations.iter().find(|it| it["name"] == "kos.line");
        line.unwrap_or_else(|| panic!("{ready}"))["state"].clone()
    };
    assert_eq!(shown().await, "CLOSED");
    app.faults(&["kos.product=error_before:503"]);
    until("the breaker opens", || async {
        client.get("/api/v1/product/menu").await;
        shown().await == "OPEN"
    })
    .await;
    let text = app.operator().get("/metrics").await.text();
    let line = "phonebill_breaker_state{breaker=\"kos.line\"} 2";
    assert!(text.contains(line), "{line} is not in\n{text}");
    app.stop().await;
}
