//! Requests and their outcomes, by KOS's answer.

use super::{FROM, LINE, Stand, TO, command, demo01, limits};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
    wait::until,
};
use app::{
    model::{ChangeStatus, RejectReason},
    problem::ProblemCode as P,
    ssr::ProductPort,
    text::{self, Lang},
};
use serde_json::json;
use server::clock::Clock;
use simulator::{Capabilities, Operation};
use std::time::Duration;

on_both_databases! {
    a_change_is_made_once_and_told_to_everybody,
    caches_of_the_line_are_gone_after_a_change,
    a_refusal_is_told_in_words_and_kept,
    of_many_changes_of_a_line_one_is_made,
    a_change_that_began_and_ended_during_the_checks_is_seen,
    what_was_looked_at_long_ago_is_not_sent,
    a_client_that_leaves_cancels_nothing,
}

async fn a_change_is_made_once_and_told_to_everybody(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let change = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(change.status, ChangeStatus::Completed);
    assert_eq!(
        (change.from.code.as_str(), change.to.code.as_str()),
        (FROM, TO)
    );
    let [applied] = stand
        .simulator
        .ledger()
        .changes_applied()
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(applied.request_id, change.request_id.0);
    assert_eq!(
        change.kos_order_number,
        Some(applied.kos_order_number.clone())
    );
    let effective = change
        .effective_date
        .clone()
        .unwrap()
        .as_str()
        .replace('-', "");
    assert_eq!(effective, applied.effective_date);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    assert_eq!(
        replica
            .product
            .status(&who, &change.request_id)
            .await
            .unwrap(),
        change
    );

    until("the AP has the event", async || {
        !stand.simulator.ledger().ap_events().unwrap().is_empty()
    })
    .await;
    let [event] = stand
        .simulator
        .ledger()
        .ap_events()
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(
        (event.kind.as_str(), event.result.as_str()),
        ("PRODUCT_CHANGE", "SUCCESS")
    );
    assert_eq!(event.customer_id, who.user.customer_id);
    assert_eq!(event.line_number.as_str(), LINE);
    assert_eq!(event.message.as_deref(), Some("상품 변경이 완료되었습니다"));
    assert_eq!(
        event.payload,
        json!({
            "requestId": change.request_id,
            "status": "COMPLETED",
            "from": change.from,
            "to": change.to,
            "requestedAt": change.requested_at,
            "processedAt": change.processed_at,
            "effectiveDate": change.effective_date,
            "kosOrderNumber": change.kos_order_number,
            "failure": null,
        })
    );
    let told = stand
        .database
        .text("SELECT event_id FROM product_history")
        .await;
    assert_eq!(told, event.event_id);
    stand.stop().await;
}

async fn caches_of_the_line_are_gone_after_a_change(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let line = held(&LINE.parse().unwrap());
    let seen = replica.facts.line(&line).await.unwrap().value;
    assert_eq!(seen.product.code.as_str(), FROM);
    replica.request(&who, "key-0001", TO).await.unwrap();
    let seen = replica.facts.line(&line).await.unwrap().value;
    assert_eq!(seen.product.code.as_str(), TO);
    stand.stop().await;
}

async fn a_refusal_is_told_in_words_and_kept(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    for (code, reason) in [
        ("2002", RejectReason::LineNotActive),
        ("2004", RejectReason::ProductNotOnSale),
        ("2005", RejectReason::OperatorMismatch),
        ("2099", RejectReason::Refused),
    ] {
        stand.faults(&[&format!("kos.change=refuse:{code}")]);
        let problem = replica
            .request(&who, &format!("key-{code}"), TO)
            .await
            .unwrap_err();
        assert_eq!(problem.code(), P::ChangeRejected);
        assert_eq!(
            problem.detail(),
            text::problem::reject_reason(Lang::default(), reason)
        );
        let id = problem.request_id.unwrap();
        let change = replica.product.status(&who, &id).await.unwrap();
        assert_eq!(change.status, ChangeStatus::Failed);
        assert_eq!(change.failure.unwrap().code, reason);
    }
    assert_eq!(stand.sent_and_applied(), (4, 0));
    until("the AP has the event", async || {
        stand.simulator.ledger().ap_events().unwrap().len() == 4
    })
    .await;
    let events = stand.simulator.ledger().ap_events().unwrap();
    assert!(events.iter().all(|event| event.result == "FAILURE"));
    let numbered = stand
        .database
        .text("SELECT CAST(MIN(line_seq) AS TEXT) || '-' || CAST(MAX(line_seq) AS TEXT) FROM product_history")
        .await;
    assert_eq!(numbered, "1-4");
    stand.stop().await;
}

async fn of_many_changes_of_a_line_one_is_made(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=delay:300"]);
    let options = replica.product.options(&who, None).await.unwrap();
    let requests = (0..10).map(|n| {
        let to = &options.products[n % options.products.len()].product.code;
        let command = command(&who, &format!("key-000{n}"), FROM, to.as_str());
        replica.product.request(&who, command)
    });
    let answers = futures::future::join_all(requests).await;
    let made: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .collect();
    assert_eq!(made.len(), 1);
    for problem in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        match problem.code() {
            P::ChangeInProgress => {
                assert_eq!(problem.request_id.as_ref(), Some(&made[0].request_id))
            }
            code => assert_eq!(code, P::CurrentProductChanged),
        }
    }
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

/// The plan told before another change ended is nothing to change from, even where KOS does not
/// compare it (K4).
async fn a_change_that_began_and_ended_during_the_checks_is_seen(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (slow, quick, who) = (
        stand.replica_apart().await,
        stand.replica_apart().await,
        demo01(),
    );
    quick.product.options(&who, None).await.unwrap();
    stand.faults(&["kos.list=delay:1500*1"]);
    let journal = stand.simulator.journal();
    let lists = journal.calls(Operation::List);
    let first = slow.request(&who, "key-slow", TO);
    let second = async {
        until("the line was told, the price list is not", async || {
            journal.calls(Operation::List) > lists && journal.calls(Operation::Product) > 1
        })
        .await;
        quick.request(&who, "key-quick", "LTE-PREMIUM-001").await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(second.unwrap().status, ChangeStatus::Completed);
    assert_eq!(first.unwrap_err().code(), P::CurrentProductChanged);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

/// The process is suspended for an hour between KOS's word about the line and the price list.
async fn what_was_looked_at_long_ago_is_not_sent(database: TestDatabase) {
    let mut stand = Stand::start(database).await;
    stand.clock = Clock::manual(1_795_000_000_000);
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.list=delay:500*1"]);
    let asleep = async {
        until("the checks have begun", async || {
            let journal = stand.simulator.journal();
            journal.calls(Operation::List) == 1 && journal.calls(Operation::Product) == 1
        })
        .await;
        stand.clock.advance(Duration::from_secs(3_600));
    };
    let (answer, ()) = tokio::join!(replica.request(&who, "key-0001", TO), asleep);
    assert_eq!(answer.unwrap_err().code(), P::KosUnavailable);
    assert_eq!((stand.sent_and_applied(), rows(&stand).await), ((0, 0), 0));
    // The key is free.
    let again = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    stand.stop().await;
}

async fn a_client_that_leaves_cancels_nothing(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=delay:200"]);
    let left = tokio::time::timeout(
        Duration::from_millis(1),
        replica.request(&who, "key-0001", TO),
    );
    assert!(left.await.is_err());
    until("the change is made all the same", async || {
        rows(&stand).await == 1 && stand.state().await == "COMPLETED"
    })
    .await;
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn rows(stand: &Stand) -> i64 {
    stand
        .database
        .number("SELECT COUNT(*) FROM product_change")
        .await
}
