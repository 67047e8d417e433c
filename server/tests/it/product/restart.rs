//! Changes that a dead process left behind, and what the next one makes of them.

use super::{
    FROM, LINE, OTHER_LINE, Recorded, Replica, Stand, TO, bytes, demo01, impatient, limits, plan,
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    model::{ChangeStatus, RejectReason, RequestId},
    problem::ProblemCode as P,
    ssr::ProductPort,
};
use server::{config::KosConfig, tasks::Tasks};
use simulator::{Capabilities, Operation};
use std::time::Duration;

on_both_databases! {
    a_call_that_was_applied_is_completed_and_never_sent_again,
    a_call_that_never_arrived_is_not_applied_and_never_sent_again,
    an_intent_without_an_owner_was_never_sent,
    a_retry_after_the_crash_is_told_how_it_stands,
    two_reconcilers_settle_a_change_once,
    a_change_somebody_works_on_is_left_alone,
    a_process_that_stops_while_it_asks_leaves_the_change_to_the_next_at_once,
}

const ID: &str = "CHG-20261121-CRASHED000";

/// Records a change in the given state as a dead process left it; its lease ran out long ago.
async fn leave_behind(stand: &Stand, state: &str) {
    let change = Recorded {
        request_id: ID,
        key: "key-0001",
        state,
        called_at: (state == "CALLING").then_some(1),
        owner: Some("dead"),
        ..Recorded::default()
    };
    change.insert(&stand.database).await;
    // The fingerprint of `demo01-line-1`, `5G-STANDARD-001`, `LTE-BASIC-001`, one per line.
    stand
        .database
        .execute(
            "INSERT INTO product_answer
                 (account_id, idempotency_key, fingerprint, request_id, created_at)
             VALUES ('demo01', 'key-0001',
                     'f90e03a0c7801fe7ba9c39883414165f150fe452c1f68cf48073d3b19b687dcd',
                     'CHG-20261121-CRASHED000', 1)",
        )
        .await;
}

/// Lets KOS apply what the dead process had sent.
async fn apply(replica: &Replica) {
    let (line, from, to) = (LINE.parse().unwrap(), plan(FROM), plan(TO));
    replica
        .client
        .change(ID, &line, &from, &to, &|| true)
        .await
        .unwrap();
}

fn id() -> RequestId {
    RequestId(ID.into())
}

async fn a_call_that_was_applied_is_completed_and_never_sent_again(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    leave_behind(&stand, "CALLING").await;
    apply(&replica).await;
    let before = replica.product.status(&who, &id()).await.unwrap();
    assert_eq!(before.status, ChangeStatus::Pending);
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &id()).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    until("the AP has the event", async || {
        stand.simulator.ledger().ap_events().unwrap().len() == 1
    })
    .await;
    stand.stop().await;
}

async fn a_call_that_never_arrived_is_not_applied_and_never_sent_again(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    leave_behind(&stand, "CALLING").await;
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &id()).await;
    assert_eq!(settled.failure.unwrap().code, RejectReason::NotApplied);
    assert_eq!(stand.sent_and_applied(), (0, 0));
    // The dead process may have answered PENDING, so that stays the answer of the key; the status says
    // how the change ended.
    let answer = replica.request(&who, "key-0001", TO).await;
    assert_eq!(answer.as_ref().unwrap().status, ChangeStatus::Pending);
    assert_eq!(answer.as_ref().unwrap().request_id, id());
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(bytes(&again), bytes(&answer));
    assert_eq!(stand.sent_and_applied(), (0, 0));
    stand.stop().await;
}

async fn an_intent_without_an_owner_was_never_sent(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    leave_behind(&stand, "INTENT").await;
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &id()).await;
    assert_eq!(settled.failure.unwrap().code, RejectReason::NotApplied);
    assert_eq!(stand.simulator.journal().calls(Operation::Product), 0);
    stand.stop().await;
}

async fn a_retry_after_the_crash_is_told_how_it_stands(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    leave_behind(&stand, "CALLING").await;
    apply(&replica).await;
    let answer = replica.request(&who, "key-0001", TO).await;
    let pending = answer.as_ref().unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    assert_eq!(pending.request_id, id());
    let another = replica.request(&who, "key-0002", TO).await;
    assert_eq!(another.unwrap_err().code(), P::ChangeInProgress);
    replica.product.start_reconciler();
    replica.settled(&who, &id()).await;
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(bytes(&again), bytes(&answer));
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn two_reconcilers_settle_a_change_once(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (one, other, who) = (stand.replica().await, stand.replica().await, demo01());
    leave_behind(&stand, "CALLING").await;
    apply(&one).await;
    one.product.start_reconciler();
    other.product.start_reconciler();
    one.settled(&who, &id()).await;
    until("the AP has the event", async || {
        !stand.simulator.ledger().ap_events().unwrap().is_empty()
    })
    .await;
    let told = stand.database.number("SELECT COUNT(*) FROM outbox").await;
    let history = stand
        .database
        .number("SELECT COUNT(*) FROM product_history")
        .await;
    assert_eq!((told, history), (1, 1));
    stand.stop().await;
}

async fn a_change_somebody_works_on_is_left_alone(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let replica = stand.replica().await;
    leave_behind(&stand, "CALLING").await;
    stand
        .database
        .execute("UPDATE product_change SET owner = 'alive', owned_until = 9000000000000")
        .await;
    apply(&replica).await;
    replica.product.start_reconciler();
    // A second change, orphaned after the first, is settled; the first is still untouched then.
    let second = Recorded {
        request_id: "CHG-20261121-SECOND0000",
        line_id: "demo01-line-2",
        line_number: OTHER_LINE,
        key: "key-0002",
        state: "INTENT",
        requested_at: 2,
        owner: Some("dead"),
        ..Recorded::default()
    };
    second.insert(&stand.database).await;
    until("the second is settled", async || {
        let settled = "SELECT COUNT(*) FROM product_change WHERE state = 'NOT_APPLIED'";
        stand.database.number(settled).await == 1
    })
    .await;
    let open = "SELECT state FROM product_change WHERE owner = 'alive'";
    assert_eq!(stand.database.text(open).await, "CALLING");
    stand.stop().await;
}

/// Otherwise its lease would hold the change for three minutes more, and KOS its answer for a minute.
async fn a_process_that_stops_while_it_asks_leaves_the_change_to_the_next_at_once(
    database: TestDatabase,
) {
    let patient = KosConfig {
        inquiry_timeout: Duration::from_secs(60),
        change_horizon: Duration::ZERO,
        ..limits()
    };
    let mut stand = Stand::with(database, Capabilities::BASE, patient).await;
    let replica = stand.replica().await;
    leave_behind(&stand, "CALLING").await;
    apply(&replica).await;
    stand.faults(&["kos.product=hang"]);
    replica.product.start_reconciler();
    let journal = stand.simulator.journal();
    until("KOS is asked", async || {
        journal.calls(Operation::Product) == 1
    })
    .await;
    let stopped = tokio::time::timeout(Duration::from_secs(10), stand.tasks.drain()).await;
    assert!(stopped.is_ok(), "it waits for KOS");

    stand.faults(&[]);
    stand.tasks = Tasks::default();
    let (next, who) = (stand.replica().await, demo01());
    next.product.start_reconciler();
    let settled = next.settled(&who, &id()).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}
