//! The sealed history of a line: every alteration is found.

use super::{Recorded, Stand, TO, demo01};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{model::ChangeStatus, ssr::ProductPort};
use server::{
    db::Db,
    product::{HistoryFaultKind as Kind, audit_history},
};
use sqlx::AssertSqlSafe;

on_both_databases! {
    every_end_is_sealed_and_the_customer_holds_a_receipt,
    the_database_refuses_to_alter_what_is_recorded,
    one_flipped_byte_is_found_and_named,
    a_missing_event_is_found,
    a_change_without_its_event_is_found,
    a_change_that_tells_otherwise_than_its_event_is_found,
    one_end_among_many_without_its_event_is_found,
    an_event_whose_change_is_gone_is_found,
    a_chain_begins_behind_what_was_recorded_before_it,
}

/// Three ends of the same line: done, refused, done.
async fn three_ends(stand: &Stand) {
    let (replica, who) = (stand.replica().await, demo01());
    replica.request(&who, "key-0001", TO).await.unwrap();
    stand.faults(&["kos.change=refuse:2099"]);
    let back = super::command(&who, "key-0002", TO, super::FROM);
    assert!(replica.product.request(&who, back).await.is_err());
    stand.faults(&[]);
    let back = super::command(&who, "key-0003", TO, super::FROM);
    replica.product.request(&who, back).await.unwrap();
}

/// Removes the triggers, as only the owner of the tables can.
pub(super) async fn unlock(database: &TestDatabase) {
    for trigger in [
        "product_history_is_never_updated",
        "product_history_is_never_deleted",
    ] {
        let sql = match &database.db {
            Db::Sqlite { .. } => format!("DROP TRIGGER {trigger}"),
            Db::Postgres(_, _) => format!("DROP TRIGGER {trigger} ON product_history"),
        };
        database.execute(AssertSqlSafe(sql)).await;
    }
}

async fn every_end_is_sealed_and_the_customer_holds_a_receipt(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let answer = replica.request(&who, "key-0001", TO).await.unwrap();
    let shown = replica.product.status(&who, &answer.request_id).await;
    let shown = shown.unwrap();
    assert_eq!(shown, answer);
    assert_eq!(shown.status, ChangeStatus::Completed);
    let hash = stand
        .database
        .text("SELECT hash FROM product_history")
        .await;
    assert_eq!(shown.receipt.unwrap().0, format!("1-{}", &hash[..12]));
    let audit = audit_history(&stand.database.db).await.unwrap();
    assert_eq!((audit.lines, audit.events, audit.unsealed), (1, 1, 0));
    assert_eq!(audit.fault, None);
    stand.stop().await;
}

async fn the_database_refuses_to_alter_what_is_recorded(database: TestDatabase) {
    let stand = Stand::start(database).await;
    three_ends(&stand).await;
    for sql in [
        "UPDATE product_history SET state = 'COMPLETED'",
        "DELETE FROM product_history",
    ] {
        let refused = stand.database.try_execute(sql).await.unwrap_err();
        assert!(
            refused.to_string().contains("append-only"),
            "{sql}: {refused}"
        );
    }
    let audit = audit_history(&stand.database.db).await.unwrap();
    assert_eq!((audit.events, audit.fault), (3, None));
    stand.stop().await;
}

async fn one_flipped_byte_is_found_and_named(database: TestDatabase) {
    let stand = Stand::start(database).await;
    three_ends(&stand).await;
    unlock(&stand.database).await;
    let id = stand
        .database
        .text("SELECT event_id FROM product_history WHERE line_seq = 2")
        .await;
    for (sql, kind) in [
        (
            "UPDATE product_history SET payload = replace(payload, 'FAILED', 'FAILEE')
              WHERE line_seq = 2",
            Kind::Altered,
        ),
        (
            "UPDATE product_history SET payload = replace(payload, 'FAILEE', 'FAILED'),
                    prev_hash = replace(prev_hash, substr(prev_hash, 1, 1), 'x')
              WHERE line_seq = 2",
            Kind::Unlinked,
        ),
        (
            "UPDATE product_history SET hash = NULL WHERE line_seq = 2",
            Kind::Unsealed,
        ),
    ] {
        assert_eq!(stand.database.execute(sql).await, 1);
        let fault = audit_history(&stand.database.db).await.unwrap().fault;
        let fault = fault.unwrap();
        assert_eq!((fault.event, fault.kind), (Some((id.clone(), 2)), kind));
    }
    stand.stop().await;
}

async fn a_missing_event_is_found(database: TestDatabase) {
    let stand = Stand::start(database).await;
    three_ends(&stand).await;
    unlock(&stand.database).await;
    let delete = "DELETE FROM product_history WHERE line_seq = 2";
    assert_eq!(stand.database.execute(delete).await, 1);
    let fault = audit_history(&stand.database.db).await.unwrap().fault;
    assert_eq!(fault.unwrap().kind, Kind::Gap { expected: 2 });
    stand.stop().await;
}

async fn a_change_without_its_event_is_found(database: TestDatabase) {
    let stand = Stand::start(database).await;
    three_ends(&stand).await;
    unlock(&stand.database).await;
    // Without the line's last event there is no gap, but its change has no event.
    let delete = "DELETE FROM product_history WHERE line_seq = 3";
    assert_eq!(stand.database.execute(delete).await, 1);
    let fault = audit_history(&stand.database.db).await.unwrap().fault;
    let state = "COMPLETED".to_owned();
    assert_eq!(fault.unwrap().kind, Kind::EndWithoutEvent { state });
    let forget = "UPDATE product_change SET state = 'NOT_APPLIED' WHERE state = 'REJECTED'";
    stand.database.execute(forget).await;
    let fault = audit_history(&stand.database.db).await.unwrap().fault;
    assert!(fault.is_some());
    stand.stop().await;
}

async fn a_change_that_tells_otherwise_than_its_event_is_found(database: TestDatabase) {
    let stand = Stand::start(database).await;
    three_ends(&stand).await;
    let honest = audit_history(&stand.database.db).await.unwrap().fault;
    assert_eq!(honest, None);
    // Pages show the change's row, so the seals alone would not protect them.
    for (alter, restore, what) in [
        (
            "UPDATE product_change SET to_code = 'X' || to_code WHERE state = 'REJECTED'",
            "UPDATE product_change SET to_code = substr(to_code, 2) WHERE state = 'REJECTED'",
            "/to/code",
        ),
        (
            "UPDATE product_change SET reason = 'OTHER' || reason WHERE state = 'REJECTED'",
            "UPDATE product_change SET reason = substr(reason, 6) WHERE state = 'REJECTED'",
            "/failure/code",
        ),
        (
            "UPDATE product_change SET processed_at = processed_at + 1000
              WHERE state = 'REJECTED'",
            "UPDATE product_change SET processed_at = processed_at - 1000
              WHERE state = 'REJECTED'",
            "/processedAt",
        ),
    ] {
        assert_eq!(stand.database.execute(alter).await, 1);
        let fault = audit_history(&stand.database.db).await.unwrap().fault;
        let fault = fault.unwrap();
        assert_eq!(fault.kind, Kind::ToldOtherwise { what });
        assert_eq!(fault.event.map(|(_, line_seq)| line_seq), Some(2));
        assert_eq!(stand.database.execute(restore).await, 1);
    }
    let restored = audit_history(&stand.database.db).await.unwrap().fault;
    assert_eq!(restored, None);
    stand.stop().await;
}

/// Two thousand and five hundred lines, each with one ended change and its event.
async fn many_ends(stand: &Stand) {
    for sql in [
        "WITH RECURSIVE one (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < 2500)
         INSERT INTO product_change
             (request_id, account_id, customer_id, line_id, line_number, from_code, from_name,
              to_code, to_name, idempotency_key, trace_id, state, requested_at, processed_at)
         SELECT 'CHG-' || (10000 + n), 'demo01', 'C', 'line', '010000' || (10000 + n), 'A', 'a',
                'B', 'b', 'key-' || n, 'trace', 'COMPLETED', 1, 1 FROM one",
        "INSERT INTO product_history
             (event_id, line_number, line_seq, request_id, state, payload, recorded_at)
         SELECT request_id, line_number, 1, request_id, state, '{}', 1 FROM product_change",
    ] {
        stand.database.execute(sql).await;
    }
    let audit = audit_history(&stand.database.db).await.unwrap();
    assert_eq!((audit.events, audit.fault), (2_500, None));
    unlock(&stand.database).await;
}

async fn one_end_among_many_without_its_event_is_found(database: TestDatabase) {
    let stand = Stand::start(database).await;
    many_ends(&stand).await;
    let delete = "DELETE FROM product_history WHERE request_id = 'CHG-12300'";
    assert_eq!(stand.database.execute(delete).await, 1);
    let fault = audit_history(&stand.database.db).await.unwrap().fault;
    let fault = fault.unwrap();
    assert_eq!(fault.request_id, "CHG-12300");
    let state = "COMPLETED".to_owned();
    assert_eq!(fault.kind, Kind::EndWithoutEvent { state });
    stand.stop().await;
}

async fn an_event_whose_change_is_gone_is_found(database: TestDatabase) {
    let stand = Stand::start(database).await;
    many_ends(&stand).await;
    for alter in [
        "UPDATE product_change SET state = 'NOT_APPLIED' WHERE request_id = 'CHG-12300'",
        "DELETE FROM product_change WHERE request_id = 'CHG-12300'",
    ] {
        assert_eq!(stand.database.execute(alter).await, 1);
        let fault = audit_history(&stand.database.db).await.unwrap().fault;
        let fault = fault.unwrap();
        assert_eq!(fault.request_id, "CHG-12300");
        let state = "COMPLETED".to_owned();
        assert_eq!(fault.kind, Kind::EventWithoutEnd { state });
    }
    stand.stop().await;
}

async fn a_chain_begins_behind_what_was_recorded_before_it(database: TestDatabase) {
    let stand = Stand::start(database).await;
    // As an earlier version recorded it.
    let old = Recorded {
        processed_at: Some(1),
        ..Recorded::default()
    };
    old.insert(&stand.database).await;
    stand
        .database
        .execute(
            "INSERT INTO product_history
                 (event_id, line_number, line_seq, request_id, state, payload, recorded_at)
             VALUES ('old', '01012345678', 1, 'CHG-OLD', 'COMPLETED', '{}', 1)",
        )
        .await;
    three_ends(&stand).await;
    let audit = audit_history(&stand.database.db).await.unwrap();
    assert_eq!((audit.events, audit.unsealed, audit.fault), (4, 1, None));
    stand.stop().await;
}
