//! The durable ledger step by step: each step is fenced by its owner, and atomic.

use super::Stand;
use crate::support::backends::{TestDatabase, on_both_databases};
use app::model::{Line, LineId, ProductName, RequestId};
use server::{
    outbox::{EventKind, EventResult, NewEvent},
    product::{
        ChangeRecord, ChangeState, Outcome, SqlLedger,
        ports::{Begun, ChangeLedger, Ending, Parked, Withdrawn},
    },
};
use std::time::Duration;

on_both_databases! {
    a_line_and_a_key_begin_one_change,
    a_line_that_was_changed_since_it_was_looked_at_begins_none,
    whoever_lost_a_change_writes_nothing,
    what_was_not_sent_is_taken_back_with_its_key,
    what_somebody_was_told_is_pending_is_not_taken_back,
    the_end_is_written_whole_and_once,
    what_a_stopping_process_hands_back_is_free_at_once,
}

const LEASE: Duration = Duration::from_secs(60);

fn parked(first_question: Duration) -> Parked<'static> {
    Parked {
        accepted: false,
        first_question,
        answer: "{}",
    }
}

fn change(number: u32) -> ChangeRecord {
    let plan = |code: &str| ProductName {
        code: code.parse().unwrap(),
        name: code.to_owned(),
    };
    ChangeRecord {
        request_id: RequestId(format!("CHG-20261121-{number:010}")),
        account_id: "account".into(),
        customer_id: "customer".into(),
        line: Line {
            line_id: LineId("line".into()),
            line_number: super::LINE.parse().unwrap(),
        },
        from: plan(super::FROM),
        to: plan(super::TO),
        idempotency_key: format!("key-{number:04}").parse().unwrap(),
        trace_id: "trace".into(),
        state: ChangeState::Intent,
        outcome: None,
        requested_at_ms: 1_795_000_000_000,
        processed_at_ms: None,
        receipt: None,
        late_at_ms: None,
    }
}

/// Commits that the change is sent.
async fn call(ledger: &SqlLedger, change: &ChangeRecord) {
    let started = ledger.start_call(&change.request_id, "me", LEASE).await;
    assert!(started.unwrap());
}

fn ending(change: &ChangeRecord, from: ChangeState, owner: &str) -> Ending {
    let ended = change.ended(Outcome::NotApplied, 1_795_000_001_000);
    Ending {
        event: NewEvent {
            event_id: format!("event-of-{}", change.request_id),
            kind: EventKind::ProductChange,
            customer_id: "customer".into(),
            line_number: change.line.line_number.clone(),
            occurred_at_ms: 1_795_000_001_000,
            result: EventResult::Failure,
            message: "m".into(),
            payload: serde_json::json!({}),
        },
        ended,
        from,
        owner: owner.into(),
        note: None,
    }
}

async fn begun(database: TestDatabase) -> (Stand, SqlLedger, ChangeRecord) {
    let stand = Stand::start(database).await;
    let (ledger, change) = (SqlLedger::new(stand.database.db.clone()), change(1));
    let first = ledger.begin(&change, 0, "fingerprint", "me", LEASE).await;
    assert_eq!(first.unwrap(), Begun::Committed);
    (stand, ledger, change)
}

async fn a_line_and_a_key_begin_one_change(database: TestDatabase) {
    let (stand, ledger, _) = begun(database).await;
    let mut other = change(2);
    let line_taken = ledger.begin(&other, 0, "fingerprint", "you", LEASE).await;
    assert_eq!(line_taken.unwrap(), Begun::LineTaken);
    // It left nothing behind: the key is free.
    let key = &other.idempotency_key;
    assert_eq!(ledger.find_answer("account", key).await.unwrap(), None);
    other.idempotency_key = change(1).idempotency_key;
    let key_taken = ledger.begin(&other, 0, "fingerprint", "you", LEASE).await;
    assert_eq!(key_taken.unwrap(), Begun::KeyTaken);
    stand.stop().await;
}

async fn a_line_that_was_changed_since_it_was_looked_at_begins_none(database: TestDatabase) {
    let (stand, ledger, first) = begun(database).await;
    let line = &first.line.line_number;
    assert_eq!(ledger.generation(line).await.unwrap(), 0);
    let end = ending(&first, ChangeState::Intent, "me");
    ledger.end(&end).await.unwrap().unwrap();
    let other = change(2);
    let moved = ledger.begin(&other, 0, "fingerprint", "you", LEASE).await;
    assert_eq!(moved.unwrap(), Begun::LineTaken);
    let key = &other.idempotency_key;
    assert_eq!(ledger.find_answer("account", key).await.unwrap(), None);
    let now = ledger.generation(line).await.unwrap();
    assert_eq!(now, 1);
    let begun = ledger.begin(&other, now, "fingerprint", "you", LEASE).await;
    assert_eq!(begun.unwrap(), Begun::Committed);
    stand.stop().await;
}

async fn whoever_lost_a_change_writes_nothing(database: TestDatabase) {
    let (stand, ledger, change) = begun(database).await;
    let id = &change.request_id;
    let second = Duration::from_secs(1);
    assert!(!ledger.start_call(id, "you", LEASE).await.unwrap());
    let lost = ledger.withdraw(&change, "you").await.unwrap();
    assert_eq!(lost, Withdrawn::Lost);
    call(&ledger, &change).await;
    assert!(!ledger.start_call(id, "me", LEASE).await.unwrap());
    assert!(
        !ledger
            .to_unknown(&change, "you", &parked(second))
            .await
            .unwrap()
    );
    let end = ending(&change, ChangeState::Calling, "you");
    assert_eq!(ledger.end(&end).await.unwrap(), None);
    assert!(
        ledger
            .to_unknown(&change, "me", &parked(second))
            .await
            .unwrap()
    );
    assert!(!ledger.ask_later(id, "me", second).await.unwrap());
    assert!(!ledger.to_manual(id, "me").await.unwrap());
    let state = ledger.find(id).await.unwrap().unwrap().state;
    assert_eq!(state, ChangeState::Unknown);
    stand.stop().await;
}

async fn what_was_not_sent_is_taken_back_with_its_key(database: TestDatabase) {
    let (stand, ledger, change) = begun(database).await;
    call(&ledger, &change).await;
    let gone = ledger.withdraw(&change, "me").await.unwrap();
    assert_eq!(gone, Withdrawn::Gone);
    assert_eq!(ledger.find(&change.request_id).await.unwrap(), None);
    let again = ledger.begin(&change, 0, "fingerprint", "me", LEASE).await;
    assert_eq!(again.unwrap(), Begun::Committed);
    stand.stop().await;
}

async fn what_somebody_was_told_is_pending_is_not_taken_back(database: TestDatabase) {
    let (stand, ledger, change) = begun(database).await;
    call(&ledger, &change).await;
    ledger.keep_answer(&change, "pending").await.unwrap();
    let answered = ledger.withdraw(&change, "me").await.unwrap();
    assert_eq!(answered, Withdrawn::Answered);
    let still = ledger.find(&change.request_id).await.unwrap().unwrap();
    assert_eq!(still.state, ChangeState::Calling);
    stand.stop().await;
}

async fn the_end_is_written_whole_and_once(database: TestDatabase) {
    let (stand, ledger, change) = begun(database).await;
    let mut end = ending(&change, ChangeState::Intent, "me");
    let receipt = ledger.end(&end).await.unwrap().unwrap();
    assert!(receipt.0.starts_with("1-"));
    assert_eq!(ledger.end(&end).await.unwrap(), None);
    let key = &change.idempotency_key;
    let answer = ledger.find_answer("account", key).await.unwrap().unwrap();
    assert!(answer.answer.unwrap().contains("CHANGE_REJECTED"));
    assert!(
        ledger
            .find_open(&change.line.line_number)
            .await
            .unwrap()
            .is_none()
    );

    // An end whose event is refused leaves nothing behind.
    let next = self::change(2);
    let begun = ledger.begin(&next, 1, "fingerprint", "me", LEASE).await;
    assert_eq!(begun.unwrap(), Begun::Committed);
    end.ended = next.ended(Outcome::NotApplied, 1);
    assert!(ledger.end(&end).await.is_err());
    let state = ledger.find(&next.request_id).await.unwrap().unwrap().state;
    assert_eq!(state, ChangeState::Intent);
    stand.stop().await;
}

async fn what_a_stopping_process_hands_back_is_free_at_once(database: TestDatabase) {
    let (stand, ledger, change) = begun(database).await;
    call(&ledger, &change).await;
    // A call on the wire is not handed back: only its answer or the lease's end settles it.
    ledger.hand_back("me").await.unwrap();
    assert!(
        ledger
            .take_unsettled("you", LEASE, 8)
            .await
            .unwrap()
            .is_empty()
    );
    let now = Duration::ZERO;
    let parked = parked(now);
    assert!(ledger.to_unknown(&change, "me", &parked).await.unwrap());
    assert_eq!(
        ledger.take_unsettled("you", LEASE, 8).await.unwrap().len(),
        1
    );
    assert!(
        ledger
            .take_unsettled("they", LEASE, 8)
            .await
            .unwrap()
            .is_empty()
    );
    ledger.hand_back("you").await.unwrap();
    assert_eq!(
        ledger.take_unsettled("they", LEASE, 8).await.unwrap().len(),
        1
    );
    stand.stop().await;
}
