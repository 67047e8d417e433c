//! A line whose number was given to somebody else: KOS names another customer than our record.

use super::{Stand, THIS_MONTH, customer, demo01, month, of_month};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{Principal, RecentBills, Source, TrendTotal},
    problem::ProblemCode::{KosUnavailable, LineNotFound},
    ssr::BillPort,
};

on_both_databases! {
    a_customer_who_has_left_sees_no_bill_of_the_next_one,
    neither_sees_what_was_kept_for_the_other,
}

/// Who had the line before its customer of today.
fn gone() -> Principal {
    let mut gone = customer("gone", &["01012345678"]);
    gone.user.customer_id = "CUST-OF-BEFORE".into();
    gone
}

async fn a_customer_who_has_left_sees_no_bill_of_the_next_one(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (who, gone) = (demo01(), gone());
    for of in month(THIS_MONTH).selectable() {
        let query = of_month(&of.to_string());
        // Also where the next one's bill is in the cache.
        stand.bills.inquire(&who, query.clone()).await.unwrap();
        let asked = stand.bills.inquire(&gone, query.clone()).await;
        assert_eq!(asked.unwrap_err().code(), LineNotFound);
        let asked = stand.bills.inquire_json(&gone, query.clone()).await;
        assert_eq!(asked.unwrap_err().code(), LineNotFound);
        let asked = stand.bills.glance(&gone, query.clone()).await;
        assert_eq!(asked.unwrap_err().code(), LineNotFound);
        let compared = stand.bills.compare(&gone, query).await.unwrap();
        assert_eq!(compared.earlier, None);
        let mut trend = compared.trend.into_iter().map(|month| month.total);
        assert!(trend.all(|total| total == TrendTotal::Absent));
    }
    let before = stand.bills.previous_bill(&gone, None).await;
    assert_eq!(before.unwrap(), None);
    let recent = stand.bills.recent(&gone, None).await;
    assert_eq!(recent.unwrap(), RecentBills::default());
    assert!(!stand.history(&gone).await.is_empty(), "it was asked for");
}

async fn neither_sees_what_was_kept_for_the_other(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (who, gone) = (demo01(), gone());
    let query = of_month("2026-10");
    stand.bills.inquire(&who, query.clone()).await.unwrap();
    stand.faults(&["kos.bill=error_before:503"]);
    let kept = stand.bills.inquire(&who, query.clone()).await.unwrap();
    assert_eq!(kept.freshness.source, Source::Cache);
    // Not even while KOS cannot tell whose it is.
    let asked = stand.bills.inquire(&gone, query).await;
    assert_eq!(asked.unwrap_err().code(), KosUnavailable);
}
