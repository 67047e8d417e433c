//! Refusals before anything is sent: failed checks, wrong products, other customers' lines.

use super::{FROM, SUSPENDED_LINE, Stand, TO, command, customer, demo01, draft, somebody};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{CheckType, LineId, RequestId, Verdict},
    problem::{Problem, ProblemCode as P},
    ssr::ProductPort,
};

on_both_databases! {
    a_failed_check_ends_it_before_anything_is_sent,
    a_line_that_is_not_in_use_fails_its_check,
    what_is_not_a_change_is_refused,
    another_customers_change_is_not_there,
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
    // A KOS that says only that the line is not in use.
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
