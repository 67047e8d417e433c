//! Records and events: both or neither, off the customer's path, none lost at a shutdown.

use super::{Stand, customer, demo01, of_month};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::ssr::{BillPort, BillQuery};
use serde_json::Value;
use simulator::NO_BILL_LINE;
use std::time::Duration;

on_both_databases! {
    each_inquiry_has_its_event,
    the_answer_does_not_wait_for_the_database,
    a_customer_who_leaves_is_recorded_all_the_same,
    shutdown_writes_what_waits_and_what_still_comes,
}

const REQUESTS: &str = "SELECT COUNT(*) FROM bill_request";
const RESULTS: &str = "SELECT COUNT(*) FROM bill_result";
const EVENTS: &str = "SELECT COUNT(*) FROM outbox WHERE kind = 'BILL_INQUIRY'";
const LAST_EVENT: &str = "SELECT body FROM outbox ORDER BY position DESC LIMIT 1";

pub(super) async fn counts(stand: &Stand) -> [i64; 3] {
    let database = &stand.database;
    [
        database.number(REQUESTS).await,
        database.number(RESULTS).await,
        database.number(EVENTS).await,
    ]
}

/// The newest event, once `inquiries` inquiries are recorded.
async fn last_event(stand: &Stand, inquiries: i64) -> Value {
    until("the inquiry is recorded", || async {
        stand.database.number(RESULTS).await == inquiries
    })
    .await;
    let body = stand.database.text(LAST_EVENT).await;
    serde_json::from_str(&body).unwrap()
}

async fn each_inquiry_has_its_event(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = customer("gap", &[NO_BILL_LINE]);
    let bill = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    let event = last_event(&stand, 1).await;
    assert_eq!(event["eventId"], bill.request_id);
    assert_eq!(event["type"], "BILL_INQUIRY");
    assert_eq!(event["result"], "SUCCESS");
    assert_eq!(event["customerId"], who.user.customer_id);
    assert_eq!(event["lineNumber"], NO_BILL_LINE);
    assert_eq!(event["occurredAt"], "2026-11-21T09:30:00+09:00");
    assert_eq!(event["payload"]["resultCode"], "OK");
    assert_eq!(
        event["payload"]["bill"],
        serde_json::to_value(&bill).unwrap()
    );

    let refused = stand.bills.inquire(&who, of_month("2026-08")).await;
    let event = last_event(&stand, 2).await;
    assert_eq!(event["result"], "FAILURE");
    assert_eq!(event["message"], refused.unwrap_err().detail());
    assert_eq!(event["payload"]["resultCode"], "BILL_NOT_FOUND");
    assert_eq!(event["payload"]["month"], "2026-08");
    assert!(event["payload"]["bill"].is_null());

    stand.faults(&["kos=reset"]);
    stand
        .bills
        .inquire(&who, of_month("2026-10"))
        .await
        .unwrap_err();
    assert_eq!(last_event(&stand, 3).await["result"], "OUTAGE");
    assert_eq!(counts(&stand).await, [3, 3, 3]);
}

async fn the_answer_does_not_wait_for_the_database(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    // Every writer waits until this transaction ends.
    let other = stand.database.replica().await;
    let mut holding = other.begin_write().await.unwrap();
    hold(&mut holding).await;
    for _ in 0..20 {
        stand
            .bills
            .inquire(&who, BillQuery::default())
            .await
            .unwrap();
    }
    assert_eq!(counts(&stand).await, [0, 0, 0]);
    drop(holding);
    until("the inquiries are recorded", || async {
        counts(&stand).await == [20, 20, 20]
    })
    .await;
    other.close().await;
}

/// Blocks writers; on SQLite the open write transaction does that already.
pub(super) async fn hold(tx: &mut server::db::Tx) {
    if let server::db::Target::Postgres(connection, _) = tx.target() {
        sqlx::query("LOCK TABLE bill_request IN SHARE MODE")
            .execute(connection)
            .await
            .unwrap();
    }
}

async fn a_customer_who_leaves_is_recorded_all_the_same(database: TestDatabase) {
    let stand = Stand::start(database).await;
    stand.faults(&["kos.bill=delay:300"]);
    let bills = stand.bills.clone();
    let leaving = tokio::spawn(async move { bills.inquire(&demo01(), BillQuery::default()).await });
    until("KOS is asked", || async { stand.bill_calls() == 1 }).await;
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());
    until("the inquiry is recorded", || async {
        counts(&stand).await == [1, 1, 1]
    })
    .await;
    let records = stand.history(&demo01()).await;
    assert_eq!(records[0].result_code, "OK");
}

async fn shutdown_writes_what_waits_and_what_still_comes(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    for _ in 0..200 {
        stand
            .bills
            .inquire(&who, BillQuery::default())
            .await
            .unwrap();
    }
    let drained = tokio::time::timeout(Duration::from_secs(10), stand.tasks.drain());
    drained.await.unwrap();
    assert_eq!(counts(&stand).await, [200, 200, 200]);
    stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    assert_eq!(counts(&stand).await, [201, 201, 201]);
}
