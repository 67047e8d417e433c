//! The bill screen's answers while KOS is away, slow or refusing.

use super::{Stand, THIS_MONTH, customer, demo01, of_month};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    model::{Comparison, InquiryStatus, MonthlyData, RecentBills, Source, TrendTotal},
    problem::ProblemCode,
    ssr::{BillPort, BillQuery},
};
use simulator::NO_BILL_LINE;
use std::time::{Duration, Instant};

on_both_databases! {
    an_old_bill_is_shown_marked_while_kos_is_away,
    without_an_old_bill_the_outage_is_told,
    a_known_bill_does_not_wait_for_the_others,
    what_the_last_bills_say_is_waited_for_briefly,
    a_bill_that_nobody_waits_for_is_no_failure_of_kos,
    a_refusal_is_told_and_not_kept,
    a_hundred_readers_of_a_cold_bill_are_one_call,
}

/// Between two inquiries whose order in the history matters.
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 3_600);

async fn an_old_bill_is_shown_marked_while_kos_is_away(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let bill = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    stand.clock.advance(Duration::from_secs(2 * 3_600));
    for fault in ["kos=error_before:503", "kos=reset", "kos=garbage"] {
        stand.faults(&[fault]);
        stand.clock.advance(SECOND);
        let stale = stand
            .bills
            .inquire(&who, BillQuery::default())
            .await
            .unwrap();
        assert_eq!(stale.freshness.source, Source::Stale, "{fault}");
        assert_eq!(stale.freshness.as_of, bill.freshness.as_of);
        assert_eq!(stale.total, bill.total);
    }
    // A refusal is an answer: it is not hidden behind the old bill.
    stand.faults(&["kos.bill=refuse:1002"]);
    stand.clock.advance(SECOND);
    let refused = stand.bills.inquire(&who, BillQuery::default()).await;
    assert_eq!(refused.unwrap_err().code(), ProblemCode::LineInactive);

    stand.clock.advance(DAY);
    stand.faults(&["kos=reset"]);
    let too_old = stand.bills.inquire(&who, BillQuery::default()).await;
    assert_eq!(too_old.unwrap_err().code(), ProblemCode::KosUnavailable);

    stand.faults(&[]);
    stand.clock.advance(SECOND);
    let back = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    assert_eq!(back.freshness.source, Source::Kos);

    let records = stand.history(&who).await;
    let sources: Vec<_> = records.iter().rev().map(|record| record.source).collect();
    let (kos, stale) = (Some(Source::Kos), Some(Source::Stale));
    assert_eq!(sources, [kos, stale, stale, stale, None, None, kos]);
}

async fn without_an_old_bill_the_outage_is_told(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    for (fault, code) in [
        ("kos=error_before:503", ProblemCode::KosUnavailable),
        ("kos=reset", ProblemCode::KosUnavailable),
        ("kos=garbage", ProblemCode::KosBadAnswer),
    ] {
        stand.faults(&[fault]);
        stand.clock.advance(SECOND);
        let problem = stand.bills.inquire(&who, BillQuery::default()).await;
        assert_eq!(problem.unwrap_err().code(), code, "{fault}");
    }
    let compared = stand.bills.compare(&who, BillQuery::default()).await;
    let Comparison { earlier, trend } = compared.unwrap();
    assert_eq!((earlier, trend.len()), (None, 6));
    assert!(
        trend.iter().all(|point| point.total == TrendTotal::NotNow),
        "{trend:?}"
    );
    // Everything that does not need KOS still works.
    assert!(stand.bills.menu(&who, None).await.is_ok());
    let records = stand.history(&who).await;
    assert_eq!(records.len(), 3);
    for record in &records {
        assert_eq!(
            (record.status, record.source),
            (InquiryStatus::Failed, None)
        );
    }
    assert_eq!(records[0].result_code, "KOS_BAD_ANSWER");
    assert_eq!(records[2].result_code, "KOS_UNAVAILABLE");
}

async fn a_known_bill_does_not_wait_for_the_others(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let bill = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    let slowness = Duration::from_millis(2_500);
    stand.faults(&["kos.bill=delay:2500"]);
    let compare = async || {
        let compared = stand.bills.compare(&who, BillQuery::default()).await;
        compared.unwrap()
    };
    let asked = Instant::now();
    let Comparison { earlier, trend } = compare().await;
    let waited = asked.elapsed();
    assert!(waited < slowness / 2, "{waited:?}");
    assert_eq!(earlier, None);
    assert_eq!(trend[0].total, TrendTotal::Known(bill.total));
    assert!(
        trend[1..]
            .iter()
            .all(|point| point.total == TrendTotal::NotNow),
        "{trend:?}"
    );
    // What was asked already is not asked again.
    until("the others are known", || async {
        compare().await.earlier.is_some()
    })
    .await;
    assert_eq!(stand.bill_calls(), 6);
}

async fn what_the_last_bills_say_is_waited_for_briefly(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let slowness = Duration::from_millis(2_500);
    stand.faults(&["kos.bill=delay:2500"]);
    let recent = async || stand.bills.recent(&who, None).await.unwrap();
    let asked = Instant::now();
    assert_eq!(recent().await, RecentBills::default());
    let waited = asked.elapsed();
    assert!(waited < slowness / 2, "{waited:?}");
    until("both are known", || async {
        recent().await.data.len() == 2
    })
    .await;
    let told = recent().await;
    for (index, month) in [THIS_MONTH, "2026-10"].into_iter().enumerate() {
        let bill = stand.bills.glance(&who, of_month(month)).await.unwrap();
        let used_mb = bill.usage.data.unwrap().used_mb;
        let month = bill.month;
        assert_eq!(told.data[index], MonthlyData { month, used_mb });
        if index == 0 {
            let left = bill.contract.map(|contract| contract.months_left);
            assert_eq!(told.contract_left, left);
        }
    }
    assert_eq!(stand.bill_calls(), 2);
}

async fn a_bill_that_nobody_waits_for_is_no_failure_of_kos(database: TestDatabase) {
    let stand = Stand::start(database).await;
    // Without its generation the bill of this month is asked for past the cache.
    stand
        .database
        .execute("ALTER TABLE line_generation RENAME TO elsewhere")
        .await;
    stand.faults(&["kos.bill=delay:600"]);
    let recent = stand.bills.recent(&demo01(), None).await.unwrap();
    assert_eq!(recent, RecentBills::default());
    stand.tasks.drain().await;
    let operations = stand.client.health().operations;
    let bill = operations.iter().find(|it| it.name == "kos.bill").unwrap();
    assert_eq!((bill.calls, bill.failed), (2, 0));
}

async fn a_refusal_is_told_and_not_kept(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = customer("gap", &[NO_BILL_LINE]);
    for call in 1..=2 {
        let problem = stand.bills.inquire(&who, of_month("2026-08")).await;
        assert_eq!(problem.unwrap_err().code(), ProblemCode::BillNotFound);
        assert_eq!(stand.bill_calls(), call);
    }
    let gone = customer("gone", &["01000009999"]);
    let problem = stand.bills.inquire(&gone, BillQuery::default()).await;
    assert_eq!(problem.unwrap_err().code(), ProblemCode::LineInactive);
    let records = stand.history(&gone).await;
    assert_eq!(records[0].result_code, "LINE_INACTIVE");
}

async fn a_hundred_readers_of_a_cold_bill_are_one_call(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    stand.faults(&["kos.bill=delay:200"]);
    let readers = (0..100).map(|_| stand.bills.inquire(&who, BillQuery::default()));
    for bill in futures::future::join_all(readers).await {
        assert!(bill.is_ok());
    }
    assert_eq!(stand.bill_calls(), 1);
    assert_eq!(stand.history(&who).await.len(), 100);
}
