//! A request and its end, as KOS answers.

use super::{
    FROM, LINE, OTHER_LINE, SUSPENDED_LINE, Stand, TO, command, customer, demo01, draft, somebody,
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    model::{ChangeStatus, CheckType, LineId, RejectReason, RequestId, Verdict},
    problem::{Problem, ProblemCode as P},
    ssr::ProductPort,
    text,
};
use serde_json::json;
use server::config::BreakerConfig;
use std::time::Duration;

on_both_databases! {
    a_change_is_made_once_and_told_to_everybody,
    caches_of_the_line_are_gone_after_a_change,
    a_refusal_is_told_in_words_and_kept,
    a_failed_check_ends_it_before_anything_is_sent,
    a_line_that_is_not_in_use_fails_its_check,
    what_is_not_a_change_is_refused,
    another_customers_change_is_not_there,
    without_kos_nothing_is_recorded,
    a_change_that_was_not_sent_leaves_nothing_behind,
    of_many_changes_of_a_line_one_is_made,
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
    let effective = change.effective_date.clone().unwrap().0.replace('-', "");
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

    until("the AP is told", async || {
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
    assert_eq!(event.customer_id, "C-demo01");
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
    let number = LINE.parse().unwrap();
    let seen = replica.facts.line(&number).await.unwrap().value;
    assert_eq!(seen.product.code.as_str(), FROM);
    replica.request(&who, "key-0001", TO).await.unwrap();
    let seen = replica.facts.line(&number).await.unwrap().value;
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
        assert_eq!(problem.detail(), text::problem::reject_reason(reason));
        let id = problem.request_id.unwrap();
        let change = replica.product.status(&who, &id).await.unwrap();
        assert_eq!(change.status, ChangeStatus::Failed);
        assert_eq!(change.failure.unwrap().code, reason);
    }
    assert_eq!(stand.sent_and_applied(), (4, 0));
    until("the AP is told", async || {
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

async fn a_failed_check_ends_it_before_anything_is_sent(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    for (to, failing) in [
        ("3G-OLD-001", CheckType::ProductOnSale),
        ("5G-PURE-001", CheckType::OperatorMatch),
        ("NO-SUCH-PLAN", CheckType::ProductOnSale),
    ] {
        let problem = replica
            .request(&who, &format!("key-{to}"), to)
            .await
            .unwrap_err();
        assert_eq!(problem.code(), P::PrecheckFailed, "{to}");
        let failed: Vec<_> = failing_checks(&problem);
        assert_eq!(failed, [failing], "{to}");
        let check = replica
            .product
            .check(&who, draft(&who, FROM, to))
            .await
            .unwrap();
        assert!(!check.passed);
        assert_eq!(Some(check.checks), problem.checks);
    }
    assert_eq!(stand.sent_and_applied(), (0, 0));
    assert_eq!(rows(&stand).await, 0);
    stand.stop().await;
}

async fn a_line_that_is_not_in_use_fails_its_check(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let replica = stand.replica().await;
    let who = customer("susp01", &[SUSPENDED_LINE]);
    let now = replica.product.options(&who, None).await.unwrap();
    let (from, to) = (
        now.current_product.code,
        now.products[0].product.code.clone(),
    );
    let answer = replica
        .product
        .request(&who, command(&who, "key-0001", from.as_str(), to.as_str()))
        .await;
    assert_eq!(failing_checks(&answer.unwrap_err()), [CheckType::LineInUse]);
    // A KOS that tells nothing of such a line but that it is not in use.
    stand.faults(&["kos.product=refuse:3002"]);
    let check = replica
        .product
        .check_one(
            &who,
            draft(&who, from.as_str(), to.as_str()),
            CheckType::LineInUse,
        )
        .await;
    assert_eq!(check.unwrap().result, Verdict::Fail);
    assert_eq!(stand.sent_and_applied(), (0, 0));
    stand.stop().await;
}

async fn what_is_not_a_change_is_refused(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let same = replica.request(&who, "key-0001", FROM).await.unwrap_err();
    assert_eq!(same.code(), P::ValidationFailed);
    assert_eq!(same.fields[0].field, "targetProductCode");

    let stale = command(&who, "key-0002", TO, FROM);
    let stale = replica.product.request(&who, stale).await.unwrap_err();
    assert_eq!(stale.code(), P::CurrentProductChanged);
    let stale = replica.product.check(&who, draft(&who, TO, FROM)).await;
    assert_eq!(stale.unwrap_err().code(), P::CurrentProductChanged);

    let mut foreign = command(&who, "key-0003", FROM, TO);
    foreign.draft.line_id = somebody().user.lines[0].line_id.clone();
    let foreign = replica.product.request(&who, foreign).await.unwrap_err();
    assert_eq!(foreign.code(), P::LineNotFound);
    let menu = replica
        .product
        .menu(&who, Some(LineId("nobody".into())))
        .await;
    assert_eq!(menu.unwrap_err().code(), P::LineNotFound);
    assert_eq!(stand.sent_and_applied(), (0, 0));
    stand.stop().await;
}

async fn another_customers_change_is_not_there(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let change = replica.request(&who, "key-0001", TO).await.unwrap();
    for (who, id) in [
        (somebody(), change.request_id),
        (who, RequestId("CHG-20261121-0000000000".into())),
    ] {
        let answer = replica.product.status(&who, &id).await;
        assert_eq!(answer.unwrap_err().code(), P::NotFound);
    }
    stand.stop().await;
}

async fn without_kos_nothing_is_recorded(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    stand.faults(&["kos.product=error_before:503"]);
    let away = replica.request(&who, "key-0001", TO).await.unwrap_err();
    assert_eq!(away.code(), P::KosUnavailable);
    assert!(away.retry_after.is_some());
    assert_eq!(rows(&stand).await, 0);
    stand.faults(&[]);
    let again = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    stand.stop().await;
}

async fn a_change_that_was_not_sent_leaves_nothing_behind(database: TestDatabase) {
    let mut stand = Stand::start(database).await;
    stand.breaker = BreakerConfig {
        window: 1,
        minimum_calls: 1,
        ..super::unbreakable()
    };
    let (replica, who) = (stand.replica().await, demo01());
    // One unclear change opens the breaker of changes; inquiries go on.
    stand.faults(&["kos.change=error_before:500*1"]);
    let unclear = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(unclear.status, ChangeStatus::Pending);

    let other = customer("other", &[OTHER_LINE]);
    let now = replica.product.options(&other, None).await.unwrap();
    let (from, to) = (
        now.current_product.code,
        now.products[0].product.code.clone(),
    );
    let open = replica
        .product
        .request(
            &other,
            command(&other, "key-0002", from.as_str(), to.as_str()),
        )
        .await
        .unwrap_err();
    assert_eq!(open.code(), P::KosUnavailable);
    assert_eq!(rows(&stand).await, 1);
    assert_eq!(
        stand
            .database
            .number("SELECT COUNT(*) FROM product_answer")
            .await,
        1
    );
    assert_eq!(stand.sent_and_applied(), (1, 0));
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

fn failing_checks(problem: &Problem) -> Vec<CheckType> {
    let checks = problem.checks.clone().unwrap_or_default();
    checks
        .into_iter()
        .filter(|check| check.result == Verdict::Fail)
        .map(|check| check.check)
        .collect()
}
