//! Inquiries: which bills exist, and that each adds up.

use super::{Stand, THIS_MONTH, customer, demo01, line, month, of_month};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
};
use app::{
    model::{Allowance, Bill, Comparison, LineId, LineNumber, Source, TrendTotal, Won},
    problem::{FieldCode, ProblemCode},
    ssr::{BillPort, BillQuery},
};
use server::kos::{BELIEVED, LineGenerations};
use simulator::{Capabilities, NO_BILL_LINE, NO_BILL_MONTHS_BACK};
use std::time::Duration;

on_both_databases! {
    every_bill_of_the_demo_customers_adds_up_and_is_asked_for_once,
    the_menu_offers_six_months_and_the_first_line,
    a_month_that_is_not_open_is_refused_by_name,
    somebody_elses_line_is_no_line,
    a_bill_is_compared_with_the_one_before_and_six_totals,
    the_trend_has_a_gap_where_there_is_no_bill,
    a_base_kos_gives_a_bill_without_what_it_does_not_tell,
    a_changed_line_is_asked_for_again,
    a_month_that_has_only_just_ended_still_shows_a_changed_plan,
}

/// Every line of the demo customers; the fifth is suspended and still has bills.
const DEMO_LINES: [&str; 6] = [
    "01012345678",
    "01023456789",
    "01034567890",
    "01045678901",
    "01056789012",
    "01067890123",
];

async fn every_bill_of_the_demo_customers_adds_up_and_is_asked_for_once(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let months = month(THIS_MONTH).selectable();
    for number in DEMO_LINES {
        let who = customer("all", &[number]);
        let of = &who.user.lines[0];
        for month in &months {
            let query = BillQuery {
                line: Some(of.line_id.clone()),
                month: Some(*month),
            };
            let bill = stand.bills.inquire(&who, query.clone()).await.unwrap();
            let charged: Won = bill.charges.iter().map(|charge| charge.amount).sum();
            let discounted: Won = bill.discounts.iter().map(|discount| discount.amount).sum();
            assert_eq!(bill.total, charged - discounted);
            assert!(bill.total.0 > 0 && !bill.charges.is_empty());
            assert_eq!((bill.month, &bill.line_id), (*month, &of.line_id));
            assert_eq!(bill.line_number, of.line_number);
            assert!(bill.payment.is_some() && bill.usage.data.is_some());
            assert_eq!(bill.freshness.source, Source::Kos);
            assert_eq!(bill.freshness.as_of.0, "2026-11-21T09:30:00+09:00");

            let mut again = stand.bills.inquire(&who, query.clone()).await.unwrap();
            assert_eq!(again.freshness.source, Source::Cache);
            assert_ne!(again.request_id, bill.request_id);
            again.request_id.clone_from(&bill.request_id);
            again.freshness = bill.freshness.clone();
            assert_eq!(again, bill);
            let mut glance = stand.bills.glance(&who, query.clone()).await.unwrap();
            assert_eq!(glance.freshness.source, Source::Cache);

            // The JSON answer, assembled mostly from stored text, is the same bill.
            if *month != months[0] {
                continue;
            }
            let json = stand.bills.inquire_json(&who, query).await.unwrap();
            let read: Bill = serde_json::from_str(&json).unwrap();
            assert_eq!(json, serde_json::to_string(&read).unwrap());
            glance.request_id.clone_from(&read.request_id);
            assert_eq!(read, glance);
        }
    }
    assert_eq!(stand.bill_calls(), 36);
    assert_eq!(stand.history(&customer("all", &[])).await.len(), 78);
}

async fn the_menu_offers_six_months_and_the_first_line(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let menu = stand.bills.menu(&who, None).await.unwrap();
    assert_eq!(Some(menu.line_id), line(&who, 1));
    assert_eq!(menu.lines, who.user.lines);
    assert_eq!(menu.current_month, month(THIS_MONTH));
    let months: Vec<_> = menu.months.iter().map(ToString::to_string).collect();
    assert_eq!(
        months,
        [
            "2026-11", "2026-10", "2026-09", "2026-08", "2026-07", "2026-06"
        ]
    );
    let menu = stand.bills.menu(&who, line(&who, 2)).await.unwrap();
    assert_eq!(Some(menu.line_id), line(&who, 2));

    let bill = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    assert_eq!(
        (bill.month, Some(bill.line_id)),
        (month(THIS_MONTH), line(&who, 1))
    );
}

async fn a_month_that_is_not_open_is_refused_by_name(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    for (asked, code) in [
        ("2026-12", FieldCode::MonthInFuture),
        ("2026-05", FieldCode::MonthTooOld),
    ] {
        let inquired = stand
            .bills
            .inquire(&who, of_month(asked))
            .await
            .unwrap_err();
        let glanced = stand.bills.glance(&who, of_month(asked)).await.unwrap_err();
        let compared = stand.bills.compare(&who, of_month(asked)).await;
        for problem in [inquired, glanced, compared.unwrap_err()] {
            assert_eq!(problem.code(), ProblemCode::ValidationFailed);
            assert_eq!(problem.fields[0].field, "month");
            assert_eq!(problem.fields[0].code(), code);
        }
    }
    assert_eq!(stand.bill_calls(), 0);
    // Refused before it became a request.
    assert_eq!(stand.history(&who).await, []);
}

async fn somebody_elses_line_is_no_line(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (who, other) = (demo01(), customer("bill01", &["01034567890"]));
    let foreign = line(&other, 1);
    let unknown = Some(LineId("no-such-line".into()));
    let nobody = customer("empty", &[]);
    for (who, asked) in [(&who, foreign), (&who, unknown), (&nobody, None)] {
        let query = BillQuery {
            line: asked.clone(),
            month: None,
        };
        let refusals = [
            stand.bills.menu(who, asked.clone()).await.err(),
            stand.bills.inquire(who, query.clone()).await.err(),
            stand.bills.glance(who, query.clone()).await.err(),
            stand.bills.previous_bill(who, asked.clone()).await.err(),
            stand.bills.recent(who, asked).await.err(),
            stand.bills.compare(who, query).await.err(),
        ];
        for refusal in refusals {
            assert_eq!(
                refusal.map(|problem| problem.code()),
                Some(ProblemCode::LineNotFound)
            );
        }
    }
    assert_eq!(stand.bill_calls(), 0);
}

async fn a_bill_is_compared_with_the_one_before_and_six_totals(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let compared = async |asked: &str| stand.bills.compare(&who, of_month(asked)).await.unwrap();
    let Comparison { earlier, trend } = compared(THIS_MONTH).await;
    let months: Vec<_> = trend.iter().map(|point| point.month).collect();
    assert_eq!(months, month(THIS_MONTH).selectable());
    for point in &trend {
        let query = of_month(&point.month.to_string());
        let bill = stand.bills.glance(&who, query).await.unwrap();
        assert_eq!(point.total, TrendTotal::Known(bill.total));
    }
    let before = earlier.unwrap();
    let alone = stand
        .bills
        .previous_bill(&who, None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((alone.month, alone.total), (before.month, before.total));
    assert_eq!(before.month, month("2026-10"));
    assert_eq!(TrendTotal::Known(before.total), trend[1].total);
    // The month before the oldest one cannot be asked for.
    let oldest = compared("2026-06").await;
    assert_eq!((oldest.earlier, oldest.trend), (None, trend));
    assert_eq!(stand.bill_calls(), 6);
    assert_eq!(stand.history(&who).await, []);
}

async fn the_trend_has_a_gap_where_there_is_no_bill(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = customer("gap", &[NO_BILL_LINE]);
    let compared = stand.bills.compare(&who, BillQuery::default()).await;
    let gap = usize::try_from(NO_BILL_MONTHS_BACK).unwrap();
    let trend = compared.unwrap().trend;
    assert_eq!(trend.len(), 6);
    for (back, point) in trend.iter().enumerate() {
        assert_eq!(point.total == TrendTotal::Absent, back == gap, "{back}");
    }
}

async fn a_base_kos_gives_a_bill_without_what_it_does_not_tell(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE).await;
    let who = demo01();
    let bill = stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    let charged: Won = bill.charges.iter().map(|charge| charge.amount).sum();
    let discounted: Won = bill.discounts.iter().map(|discount| discount.amount).sum();
    assert_eq!(bill.total, charged - discounted);
    assert_eq!(
        (bill.contract, bill.termination_fee, bill.installment),
        (None, None, None)
    );
    let payment = bill.payment.unwrap();
    assert_eq!((payment.billing_day, payment.method), (None, None));
    assert!(payment.due_date.is_some());
    // The allowance comes from the price list.
    let catalogue = stand.facts.catalogue().await.unwrap();
    assert_eq!(catalogue.source, Source::Cache);
    let plans = catalogue.value;
    let plan = plans
        .iter()
        .find(|plan| plan.product.code == bill.product.code);
    let data = bill.usage.data.unwrap();
    assert_ne!(data.allowance_mb, Allowance::Unknown);
    assert_eq!(data.allowance_mb, plan.unwrap().product.data_mb);
}

async fn a_changed_line_is_asked_for_again(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let number = who.user.lines[0].line_number.clone();
    for asked in [THIS_MONTH, "2026-06"] {
        stand.bills.glance(&who, of_month(asked)).await.unwrap();
    }
    stand.facts.line(&held(&number)).await.unwrap();
    changed(&stand, &number).await;
    // The plan of the running month; a closed month is what it was.
    for (asked, source) in [(THIS_MONTH, Source::Kos), ("2026-06", Source::Cache)] {
        let bill = stand.bills.glance(&who, of_month(asked)).await.unwrap();
        assert_eq!(bill.freshness.source, source, "{asked}");
    }
    let source = async || stand.facts.line(&held(&number)).await.unwrap().source;
    assert_eq!(source().await, Source::Kos);
    assert_eq!(source().await, Source::Cache);
    // Its other bills leave the cache too.
    stand.facts.forget_line(&held(&number)).await;
    let bill = stand.bills.glance(&who, of_month("2026-06")).await.unwrap();
    assert_eq!(bill.freshness.source, Source::Kos);
}

/// By another replica's clock, the month may still run.
async fn a_month_that_has_only_just_ended_still_shows_a_changed_plan(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let number = who.user.lines[0].line_number.clone();
    let source = async || {
        let bill = stand.bills.glance(&who, of_month(THIS_MONTH)).await;
        bill.unwrap().freshness.source
    };
    // Ten minutes into December.
    stand.clock.advance(Duration::from_secs(830_400));
    assert_eq!(source().await, Source::Kos);
    changed(&stand, &number).await;
    assert_eq!(source().await, Source::Kos);
    stand.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(source().await, Source::Kos);
    changed(&stand, &number).await;
    assert_eq!(source().await, Source::Cache);
}

/// Ends a change of the line's plan.
async fn changed(stand: &Stand, number: &LineNumber) {
    let mut tx = stand.database.db.begin_write().await.unwrap();
    LineGenerations::raise(&mut tx, number).await.unwrap();
    tx.commit().await.unwrap();
    stand.clock.advance(BELIEVED);
}
