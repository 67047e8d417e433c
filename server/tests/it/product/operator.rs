//! The operator's commands for changes and deliveries.

use super::{FROM, Stand, TO, demo01, impatient};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    process::phonebill as phonebill_in,
    wait::until,
};
use app::{
    model::{Change, ChangeStatus, Principal},
    ssr::ProductPort,
};
use secrecy::ExposeSecret;
use server::product::audit_history;
use simulator::Capabilities;
use std::process::{Output, Stdio};
use tokio::process::Command;

on_both_databases! {
    a_change_that_waits_for_a_person_is_decided_as_applied,
    a_change_that_waits_for_a_person_is_decided_as_not_applied,
    only_what_waits_for_a_person_is_a_persons_to_decide,
    an_altered_history_has_an_exit_code_of_its_own,
    a_long_list_says_so_and_begins_with_the_news,
    what_was_given_up_is_listed_and_delivered_again,
}

/// Runs `phonebill` on the stand's database.
async fn phonebill(stand: &Stand, arguments: &[&str]) -> Output {
    let data = tempfile::tempdir().unwrap();
    Command::from(phonebill_in(data.path()))
        .args(arguments)
        .env("DATABASE_URL", stand.database.config.url.expose_secret())
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A change whose line turns out to be on a third plan, so that it waits for a person.
async fn handed_over(stand: &Stand, who: &Principal) -> Change {
    let replica = stand.replica().await;
    stand.faults(&["kos.change=reset*1"]);
    let pending = replica.request(who, "key-0001", TO).await.unwrap();
    let line = super::LINE.parse().unwrap();
    let (from, third) = (super::plan(FROM), super::plan("5G-PREMIUM-001"));
    let other = replica
        .client
        .change("elsewhere", &line, &from, &third, &|| true);
    other.await.unwrap();
    replica.product.start_reconciler();
    until("it is handed over", async || {
        stand.state().await == "MANUAL"
    })
    .await;
    pending
}

async fn a_change_that_waits_for_a_person_is_decided_as_applied(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let who = demo01();
    let id = handed_over(&stand, &who).await.request_id;
    let listed = phonebill(&stand, &["change", "list", "--state", "MANUAL"]).await;
    assert!(said(&listed).contains(&id.0), "{listed:?}");
    assert!(!said(&listed).contains(super::LINE), "{listed:?}");
    let shown = phonebill(&stand, &["change", "show", &id.0]).await;
    assert!(said(&shown).contains("MANUAL") && said(&shown).contains(super::LINE));

    let resolve = [
        "change",
        "resolve",
        &id.0,
        "--applied",
        "--note",
        "KOS shows order 7, asked Kim",
        "--effective-date",
        "2026-12-01",
        "--order-number",
        "KOS-7",
    ];
    let resolved = phonebill(&stand, &resolve).await;
    assert_eq!(resolved.status.code(), Some(0), "{resolved:?}");
    let replica = stand.replica().await;
    let change = replica.product.status(&who, &id).await.unwrap();
    assert_eq!(change.status, ChangeStatus::Completed);
    assert_eq!(change.kos_order_number.as_deref(), Some("KOS-7"));
    assert!(said(&resolved).contains(&change.receipt.unwrap().0));
    let note = stand
        .database
        .text("SELECT note FROM product_history")
        .await;
    assert_eq!(note, "KOS shows order 7, asked Kim");
    until("the AP has the event", async || {
        stand.simulator.ledger().ap_events().unwrap().len() == 1
    })
    .await;
    let told = &stand.simulator.ledger().ap_events().unwrap()[0];
    assert!(!told.payload.to_string().contains("Kim"));

    // A second time.
    let again = phonebill(&stand, &resolve).await;
    assert_eq!(again.status.code(), Some(4), "{again:?}");
    let verified = phonebill(&stand, &["verify-history"]).await;
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    stand.stop().await;
}

async fn a_change_that_waits_for_a_person_is_decided_as_not_applied(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let who = demo01();
    let id = handed_over(&stand, &who).await.request_id;
    let resolve = [
        "change",
        "resolve",
        &id.0,
        "--not-applied",
        "--note",
        "no order",
    ];
    let resolved = phonebill(&stand, &resolve).await;
    assert_eq!(resolved.status.code(), Some(0), "{resolved:?}");
    let replica = stand.replica().await;
    let change = replica.product.status(&who, &id).await.unwrap();
    assert_eq!(change.status, ChangeStatus::Failed);
    let open = phonebill(&stand, &["change", "list"]).await;
    assert!(said(&open).is_empty(), "{open:?}");
    stand.stop().await;
}

async fn only_what_waits_for_a_person_is_a_persons_to_decide(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let replica = stand.replica().await;
    let done = replica.request(&who, "key-0001", TO).await.unwrap();
    let id = done.request_id.0.as_str();
    for (arguments, code) in [
        (vec!["change", "show", "CHG-NONE"], 3),
        (
            vec!["change", "resolve", "CHG-NONE", "--applied", "--note", "x"],
            3,
        ),
        (
            vec!["change", "resolve", id, "--not-applied", "--note", "x"],
            4,
        ),
        (vec!["change", "resolve", id, "--applied"], 2),
        (
            vec![
                "change",
                "resolve",
                id,
                "--applied",
                "--not-applied",
                "--note",
                "x",
            ],
            2,
        ),
        (vec!["change", "resolve", id, "--applied", "--note", " "], 2),
        (vec!["change", "list", "--state", "DONE"], 2),
        (vec!["outbox", "replay", "no-such-event"], 3),
        (vec!["outbox", "replay"], 2),
    ] {
        let output = phonebill(&stand, &arguments).await;
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
        assert!(!complained(&output).is_empty());
    }
    let still = replica.product.status(&who, &done.request_id).await;
    assert_eq!(still.unwrap(), done);
    stand.stop().await;
}

async fn an_altered_history_has_an_exit_code_of_its_own(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let replica = stand.replica().await;
    replica.request(&demo01(), "key-0001", TO).await.unwrap();
    super::chain::unlock(&stand.database).await;
    stand
        .database
        .execute("UPDATE product_history SET recorded_at = recorded_at + 1")
        .await;
    let verified = phonebill(&stand, &["verify-history"]).await;
    assert_eq!(verified.status.code(), Some(5), "{verified:?}");
    let id = stand
        .database
        .text("SELECT event_id FROM product_history")
        .await;
    assert!(complained(&verified).contains(&id), "{verified:?}");
    assert!(
        audit_history(&stand.database.db)
            .await
            .unwrap()
            .fault
            .is_some()
    );
    stand.stop().await;
}

async fn a_long_list_says_so_and_begins_with_the_news(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let many =
        "WITH RECURSIVE late (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM late WHERE n < 501)
        INSERT INTO product_change (request_id, account_id, customer_id, line_id, line_number,
            from_code, from_name, to_code, to_name, idempotency_key, trace_id, state, requested_at,
            late_at)
        SELECT 'CHG-' || CAST(n AS TEXT), 'a', 'c', 'l', '01012345678', 'A', 'A', 'B', 'B', 'key',
            'trace', 'NOT_APPLIED', n, n FROM late";
    stand.database.execute(many).await;
    let late = phonebill(&stand, &["change", "list", "--state", "LATE"]).await;
    assert!(said(&late).starts_with("CHG-501 "), "{late:?}");
    assert!(complained(&late).contains("at least 500 change(s)"));
    let open = phonebill(&stand, &["change", "list"]).await;
    assert!(complained(&open).contains("0 change(s)"));
    assert!(!complained(&open).contains("at least"));
    stand.stop().await;
}

async fn what_was_given_up_is_listed_and_delivered_again(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let replica = stand.replica().await;
    replica.request(&demo01(), "key-0001", TO).await.unwrap();
    until("the AP has the event", async || {
        let delivered = "SELECT COUNT(*) FROM outbox WHERE state = 'DELIVERED'";
        stand.database.number(delivered).await == 1
    })
    .await;
    stand
        .database
        .execute("UPDATE outbox SET state = 'DEAD', attempts = 9")
        .await;
    let id = stand.database.text("SELECT event_id FROM outbox").await;
    let dead = phonebill(&stand, &["outbox", "list", "--dead"]).await;
    assert!(said(&dead).contains(&id) && said(&dead).contains("9 attempt(s)"));
    let lag = phonebill(&stand, &["outbox", "list"]).await;
    assert!(said(&lag).contains("dead           1"), "{lag:?}");
    for replay in [
        vec!["outbox", "replay", &id],
        vec!["outbox", "replay", "--all-dead"],
    ] {
        let output = phonebill(&stand, &replay).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    until("it is delivered again", async || {
        stand.simulator.ledger().ap_events().unwrap().len() == 2
    })
    .await;
    assert!(stand.simulator.ledger().ap_events().unwrap()[1].duplicate);
    stand.stop().await;
}
