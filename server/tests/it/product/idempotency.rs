//! Idempotency: the same key gets the same answer, byte for byte, from any replica.

use super::{FROM, Stand, TO, bytes, command, customer, demo01, impatient};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{model::ChangeStatus, problem::ProblemCode as P, ssr::ProductPort};
use futures::future::join_all;
use simulator::Capabilities;

on_both_databases! {
    twenty_at_once_are_one_change_and_one_answer,
    the_same_key_with_another_body_is_refused,
    a_refusal_is_replayed_with_the_trace_of_the_first,
    a_pending_answer_stays_the_answer,
    a_failed_check_is_replayed,
    keys_belong_to_an_account,
}

async fn twenty_at_once_are_one_change_and_one_answer(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let replicas = [stand.replica().await, stand.replica().await];
    let who = demo01();
    stand.faults(&["kos.change=delay:300"]);
    let answers = join_all((0..20).map(|n| {
        let command = app::ssr::ChangeCommand {
            trace_id: format!("trace-{n}"),
            ..command(&who, "key-0001", FROM, TO)
        };
        replicas[n % 2].product.request(&who, command)
    }))
    .await;
    let first = bytes(&answers[0]);
    assert_eq!(answers[0].as_ref().unwrap().status, ChangeStatus::Completed);
    assert!(answers.iter().all(|answer| bytes(answer) == first));
    assert_eq!(stand.sent_and_applied(), (1, 1));
    let changes = stand.database.number("SELECT COUNT(*) FROM product_change");
    assert_eq!(changes.await, 1);
    stand.stop().await;
}

async fn the_same_key_with_another_body_is_refused(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let first = replica.request(&who, "key-0001", TO).await;
    let other = replica.request(&who, "key-0001", "LTE-PREMIUM-001").await;
    assert_eq!(other.unwrap_err().code(), P::IdempotencyKeyReused);
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(bytes(&again), bytes(&first));
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn a_refusal_is_replayed_with_the_trace_of_the_first(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, other, who) = (stand.replica().await, stand.replica().await, demo01());
    stand.faults(&["kos.change=refuse:2004"]);
    let first = replica.request(&who, "key-0001", TO).await;
    stand.faults(&[]);
    let again = app::ssr::ChangeCommand {
        trace_id: "another-trace".into(),
        ..command(&who, "key-0001", FROM, TO)
    };
    let again = other.product.request(&who, again).await;
    assert_eq!(bytes(&again), bytes(&first));
    assert_eq!(first.unwrap_err().trace_id, "trace-of-key-0001");
    assert_eq!(stand.sent_and_applied(), (1, 0));
    stand.stop().await;
}

async fn a_pending_answer_stays_the_answer(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=lost_answer"]);
    let first = replica.request(&who, "key-0001", TO).await;
    let pending = first.as_ref().unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    replica.product.start_reconciler();
    replica.settled(&who, &pending.request_id).await;
    let again = replica.request(&who, "key-0001", TO).await;
    assert_eq!(bytes(&again), bytes(&first));
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn a_failed_check_is_replayed(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let answers = join_all((0..4).map(|_| replica.request(&who, "key-0001", "3G-OLD-001"))).await;
    let first = bytes(&answers[0]);
    assert_eq!(answers[0].as_ref().unwrap_err().code(), P::PrecheckFailed);
    assert!(answers.iter().all(|answer| bytes(answer) == first));
    stand.stop().await;
}

async fn keys_belong_to_an_account(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    replica.request(&who, "key-0001", TO).await.unwrap();
    let other = customer("other", &["01034567890"]);
    let now = replica.product.options(&other, None).await.unwrap();
    let to = &now.products[0].product.code;
    let command = command(
        &other,
        "key-0001",
        now.current_product.code.as_str(),
        to.as_str(),
    );
    let change = replica.product.request(&other, command).await.unwrap();
    assert_eq!(change.to.code, *to);
    assert_eq!(stand.sent_and_applied(), (2, 2));
    stand.stop().await;
}
