//! The inquiry history: complete, in pages, filtered, only the customer's own.

use super::{Stand, THIS_MONTH, after, customer, demo01, line, month, of_month};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{Cursor, DayRange, InquiryStatus, KstDate, LineId, Principal, Source},
    problem::ProblemCode,
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use std::{collections::HashSet, time::Duration};

on_both_databases! {
    a_record_says_what_was_asked_and_how_it_ended,
    pages_follow_each_other_without_gap_or_repetition,
    days_and_lines_choose,
    what_is_malformed_or_foreign_is_refused,
    what_the_ap_accepted_is_shown_as_delivered,
    what_was_answered_is_in_the_history_at_once,
}

const MINUTE: Duration = Duration::from_secs(60);

async fn a_record_says_what_was_asked_and_how_it_ended(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let query = BillQuery {
        line: line(&who, 2),
        month: Some(month("2026-09")),
    };
    let bill = stand.bills.inquire(&who, query).await.unwrap();
    let records = stand.history(&who).await;
    let [record] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(record.request_id, bill.request_id);
    assert_eq!(
        (Some(record.line_id.clone()), record.month),
        (line(&who, 2), month("2026-09"))
    );
    assert_eq!(record.requested_at.0, "2026-11-21T09:30:00+09:00");
    assert_eq!(record.processed_at, Some(record.requested_at.clone()));
    assert_eq!(
        (record.status, record.source),
        (InquiryStatus::Completed, Some(Source::Kos))
    );
    assert_eq!(
        (record.result_code.as_str(), &record.delivered_at),
        ("OK", &None)
    );
}

/// Several inquiries in the same millisecond, then some later ones.
async fn inquire_often(stand: &Stand, who: &Principal) {
    for _ in 0..3 {
        for _ in 0..4 {
            stand
                .bills
                .inquire(who, of_month(THIS_MONTH))
                .await
                .unwrap();
        }
        stand.clock.advance(MINUTE);
    }
    stand.tasks.drain().await;
}

async fn pages_follow_each_other_without_gap_or_repetition(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    inquire_often(&stand, &who).await;
    let all = stand.history(&who).await;
    assert_eq!(all.len(), 12);
    let ids: HashSet<_> = all.iter().map(|record| &record.request_id).collect();
    assert_eq!(ids.len(), 12);
    assert!(all.is_sorted_by(|newer, older| newer.requested_at >= older.requested_at));

    for limit in [1, 4, 5, 11, 12, 13] {
        let mut paged = Vec::new();
        let mut cursor = None;
        loop {
            let page = stand.page(&who, after(cursor, limit)).await;
            assert!(page.items.len() <= limit as usize && !page.items.is_empty());
            paged.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(paged, all, "{limit}");
    }

    // An inquiry made in between appears on the first page only.
    let first = stand.page(&who, after(None, 6)).await;
    stand
        .bills
        .inquire(&who, of_month("2026-10"))
        .await
        .unwrap();
    let second = stand.page(&who, after(first.next_cursor, 100)).await;
    assert_eq!(second.items, all[6..]);
    assert_eq!(stand.history(&who).await.len(), 13);
}

async fn days_and_lines_choose(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    // 21 November 09:30 on line 1, 22 November 00:00 on line 2.
    stand
        .bills
        .inquire(&who, BillQuery::default())
        .await
        .unwrap();
    stand.clock.advance(MINUTE * (14 * 60 + 30));
    let second = BillQuery {
        line: line(&who, 2),
        month: None,
    };
    stand.bills.inquire(&who, second).await.unwrap();
    stand.tasks.drain().await;

    let day = |text: &str| text.parse::<KstDate>().ok();
    for (of, from, to, found) in [
        (None, None, None, 2),
        (line(&who, 1), None, None, 1),
        (line(&who, 2), None, None, 1),
        (None, day("2026-11-21"), None, 2),
        (None, day("2026-11-22"), None, 1),
        (None, day("2026-11-23"), None, 0),
        (None, None, day("2026-11-20"), 0),
        (None, None, day("2026-11-21"), 1),
        (None, day("2026-11-21"), day("2026-11-22"), 2),
        (line(&who, 1), day("2026-11-22"), None, 0),
    ] {
        let query = HistoryQuery {
            line: of,
            days: DayRange::new(from, to).unwrap(),
            ..HistoryQuery::default()
        };
        let page = stand.page(&who, query.clone()).await;
        assert_eq!(page.items.len(), found, "{query:?}");
    }
    let other = customer("bill01", &["01012345678"]);
    assert_eq!(stand.history(&other).await, []);
}

async fn what_is_malformed_or_foreign_is_refused(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    let foreign = HistoryQuery {
        line: Some(LineId("bill01-line-1".into())),
        ..HistoryQuery::default()
    };
    let problem = stand.bills.history(&who, foreign).await.unwrap_err();
    assert_eq!(problem.code(), ProblemCode::LineNotFound);

    let cursor = HistoryQuery {
        cursor: Some(Cursor("not a cursor".into())),
        ..HistoryQuery::default()
    };
    let problem = stand.bills.history(&who, cursor).await.unwrap_err();
    assert_eq!(problem.code(), ProblemCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "cursor");
}

async fn what_the_ap_accepted_is_shown_as_delivered(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    stand
        .bills
        .inquire(&who, of_month(THIS_MONTH))
        .await
        .unwrap();
    stand
        .bills
        .inquire(&who, of_month("2026-10"))
        .await
        .unwrap();
    stand.tasks.drain().await;
    let settled = stand.database.execute(
        "UPDATE outbox SET state = 'DELIVERED', settled_at = 1795221005000
          WHERE position = (SELECT MIN(position) FROM outbox)",
    );
    assert_eq!(settled.await, 1);
    let records = stand.history(&who).await;
    let delivered: Vec<_> = records
        .into_iter()
        .map(|record| (record.month.to_string(), record.delivered_at.map(|at| at.0)))
        .collect();
    let at = Some("2026-11-21T09:30:05+09:00".to_owned());
    assert!(
        delivered.contains(&("2026-11".to_owned(), at)),
        "{delivered:?}"
    );
    assert!(
        delivered.contains(&("2026-10".to_owned(), None)),
        "{delivered:?}"
    );
}

/// Inquiries are committed in batches, some time after the answer.
async fn what_was_answered_is_in_the_history_at_once(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let who = demo01();
    for inquiries in 1..=5 {
        stand
            .bills
            .inquire(&who, of_month(THIS_MONTH))
            .await
            .unwrap();
        let page = stand.page(&who, after(None, 100)).await;
        assert_eq!(page.items.len(), inquiries);
    }
}
