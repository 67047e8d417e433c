//! Changes whose answer is lost: reported as pending, settled by asking, sent once.

use super::{FROM, LINE, Stand, TO, demo01, impatient, limits, plan, with_lookup};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    model::{ChangeStatus, RejectReason},
    problem::ProblemCode as P,
    ssr::ProductPort,
};
use server::product::ReconcilePace;
use simulator::Capabilities;
use std::time::{Duration, Instant};

on_both_databases! {
    a_lost_answer_is_found_by_asking_about_the_line,
    a_lost_answer_is_found_by_asking_for_the_change,
    a_kos_that_hangs_leaves_the_change_pending_in_time,
    what_was_never_applied_fails_after_the_horizon,
    a_third_plan_is_for_a_person_to_decide,
    a_kos_that_cannot_be_asked_is_asked_again,
    what_cannot_be_found_out_is_handed_over,
    a_late_application_within_the_horizon_counts,
    what_kos_has_taken_is_waited_for_beyond_the_horizon,
    what_kos_has_taken_and_never_finishes_is_for_a_person,
}

async fn a_lost_answer_is_found_by_asking_about_the_line(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=lost_answer"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    assert_eq!(pending.processed_at, None);
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(
        (settled.effective_date, settled.kos_order_number),
        (None, None)
    );
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn a_lost_answer_is_found_by_asking_for_the_change(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::ALL, with_lookup(limits())).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=half_body"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    let [applied] = stand
        .simulator
        .ledger()
        .changes_applied()
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(settled.kos_order_number, Some(applied.kos_order_number));
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn a_kos_that_hangs_leaves_the_change_pending_in_time(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=hang_after"]);
    let asked = Instant::now();
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    assert!(asked.elapsed() < Duration::from_secs(5));
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn what_was_never_applied_fails_after_the_horizon(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=error_before:500"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    let open = replica.request(&who, "key-0002", TO).await.unwrap_err();
    assert_eq!(open.code(), P::ChangeInProgress);
    assert_eq!(open.request_id, Some(pending.request_id.clone()));
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Failed);
    assert_eq!(settled.failure.unwrap().code, RejectReason::NotApplied);
    assert_eq!(stand.sent_and_applied(), (1, 0));
    // The line is free again.
    stand.faults(&[]);
    let next = replica.request(&who, "key-0003", TO).await.unwrap();
    assert_eq!(next.status, ChangeStatus::Completed);
    stand.stop().await;
}

async fn a_third_plan_is_for_a_person_to_decide(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    replica.product.menu(&who, None).await.unwrap();
    stand.faults(&["kos.change=reset*1"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    // The line was changed another way.
    let (line, from, third) = (LINE.parse().unwrap(), plan(FROM), plan("5G-PREMIUM-001"));
    let other = replica
        .client
        .change("elsewhere", &line, &from, &third, &|| true);
    other.await.unwrap();
    replica.product.start_reconciler();
    until("it is handed over", async || {
        stand.state().await == "MANUAL"
    })
    .await;
    let still = replica
        .product
        .status(&who, &pending.request_id)
        .await
        .unwrap();
    assert_eq!(still.status, ChangeStatus::Pending);
    until("the menu shows the third plan", async || {
        let menu = replica.product.menu(&who, None).await.unwrap();
        menu.current_product.code == third
    })
    .await;
    assert_eq!(
        stand.database.number("SELECT COUNT(*) FROM outbox").await,
        0
    );
    stand.stop().await;
}

async fn a_kos_that_cannot_be_asked_is_asked_again(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&[
        "kos.change=lost_answer*1",
        "kos.product=ok,reset,error_before:503,garbage",
    ]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert!(
        stand
            .database
            .number("SELECT questions FROM product_change")
            .await
            >= 4
    );
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn a_late_application_within_the_horizon_counts(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    // Applied only after the caller has given up.
    stand.faults(&["kos.change=delay:900"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn what_cannot_be_found_out_is_handed_over(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=lost_answer", "kos.product=ok*1"]);
    replica.request(&who, "key-0001", TO).await.unwrap();
    stand.faults(&["kos.product=refuse:3003"]);
    let impatient = ReconcilePace {
        poll: Duration::from_millis(20),
        first_question: Duration::from_millis(20),
        give_up_after: Duration::from_millis(300),
        ..ReconcilePace::default()
    };
    replica.product.with_pace(impatient).start_reconciler();
    until("it is handed over", async || {
        stand.state().await == "MANUAL"
    })
    .await;
    assert!(
        stand
            .database
            .number("SELECT questions FROM product_change")
            .await
            > 1
    );
    stand.stop().await;
}

/// More than the 2.4 seconds after which what was sent [`impatient`]ly counts as lost.
const BEYOND: Duration = Duration::from_millis(3_200);

/// KOS takes the change and applies it after the horizon by which anything else counts as lost.
async fn what_kos_has_taken_is_waited_for_beyond_the_horizon(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&[&format!("kos.change=accepted:{}", BEYOND.as_millis())]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed, "{settled:?}");
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn what_kos_has_taken_and_never_finishes_is_for_a_person(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=accepted:3600000"]);
    replica.request(&who, "key-0001", TO).await.unwrap();
    let impatient = ReconcilePace {
        poll: Duration::from_millis(20),
        first_question: Duration::from_millis(20),
        longest_pause: Duration::from_millis(100),
        give_up_after: BEYOND,
    };
    replica.product.with_pace(impatient).start_reconciler();
    until("it is handed over", async || {
        stand.state().await == "MANUAL"
    })
    .await;
    stand.stop().await;
}
