//! The history of a customer's changes.

use super::{Recorded, Stand, customer, demo01, somebody};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{Change, Cursor, DayRange, Limit, LineId, Page, Principal},
    problem::ProblemCode as P,
    ssr::{HistoryQuery, ProductPort},
};

on_both_databases! {
    pages_are_newest_first_and_miss_nothing,
    a_history_is_filtered_by_line_and_days,
    only_the_callers_own_changes_are_listed,
}

/// Records seven ended changes on the two lines of the demo customer, a day apart, two at one instant,
/// and one of another customer.
async fn past(stand: &Stand) {
    for (id, account, line, number, day) in [
        ("CHG-1", "demo01", "demo01-line-1", "01012345678", 1),
        ("CHG-2", "demo01", "demo01-line-2", "01023456789", 2),
        ("CHG-3", "demo01", "demo01-line-1", "01012345678", 3),
        ("CHG-4", "demo01", "demo01-line-1", "01012345678", 4),
        ("CHG-5", "demo01", "demo01-line-2", "01023456789", 5),
        ("CHG-6", "demo01", "demo01-line-1", "01012345678", 5),
        ("CHG-7", "demo01", "demo01-line-1", "01012345678", 7),
        ("CHG-8", "somebody", "somebody-line-1", "01034567890", 7),
    ] {
        // 09:30 in Seoul of that day of November 2026.
        let at = 1_793_493_000_000_i64 + (day - 1) * 86_400_000;
        let change = Recorded {
            request_id: id,
            account_id: account,
            line_id: line,
            line_number: number,
            key: &format!("key-{id}"),
            requested_at: at,
            processed_at: Some(at),
            ..Recorded::default()
        };
        change.insert(&stand.database).await;
    }
}

async fn list(stand: &Stand, who: &Principal, query: HistoryQuery) -> Page<Change> {
    let replica = stand.replica().await;
    replica.product.history(who, query).await.unwrap()
}

fn ids(page: &Page<Change>) -> Vec<&str> {
    page.items
        .iter()
        .map(|change| change.request_id.0.as_str())
        .collect()
}

async fn pages_are_newest_first_and_miss_nothing(database: TestDatabase) {
    let stand = Stand::start(database).await;
    past(&stand).await;
    let mut seen = Vec::new();
    let mut cursor: Option<Cursor> = None;
    for _ in 0..4 {
        let query = HistoryQuery {
            cursor,
            limit: Limit::new(2).unwrap(),
            ..HistoryQuery::default()
        };
        let page = list(&stand, &demo01(), query).await;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(cursor, None);
    assert_eq!(
        seen,
        [
            "CHG-7", "CHG-6", "CHG-5", "CHG-4", "CHG-3", "CHG-2", "CHG-1"
        ]
    );
    stand.stop().await;
}

async fn a_history_is_filtered_by_line_and_days(database: TestDatabase) {
    let stand = Stand::start(database).await;
    past(&stand).await;
    let who = demo01();
    let second = HistoryQuery {
        line: Some(who.user.lines[1].line_id.clone()),
        ..HistoryQuery::default()
    };
    assert_eq!(ids(&list(&stand, &who, second).await), ["CHG-5", "CHG-2"]);
    let days = HistoryQuery {
        days: DayRange::new("2026-11-02".parse().ok(), "2026-11-04".parse().ok()).unwrap(),
        ..HistoryQuery::default()
    };
    assert_eq!(
        ids(&list(&stand, &who, days).await),
        ["CHG-4", "CHG-3", "CHG-2"]
    );
    stand.stop().await;
}

async fn only_the_callers_own_changes_are_listed(database: TestDatabase) {
    let stand = Stand::start(database).await;
    past(&stand).await;
    let page = list(&stand, &somebody(), HistoryQuery::default()).await;
    assert_eq!(ids(&page), ["CHG-8"]);
    let nobody = customer("nobody", &["01045678901"]);
    assert!(
        list(&stand, &nobody, HistoryQuery::default())
            .await
            .items
            .is_empty()
    );
    let replica = stand.replica().await;
    let foreign = HistoryQuery {
        line: Some(LineId("somebody-line-1".into())),
        ..HistoryQuery::default()
    };
    let answer = replica.product.history(&demo01(), foreign).await;
    assert_eq!(answer.unwrap_err().code(), P::LineNotFound);
    stand.stop().await;
}
