//! Fairness between lines when many events wait.

use super::{LINE, OTHER_LINE, Rig, event, inquiry};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use server::outbox::{NewEvent, RelayPace};
use std::time::Duration;

on_both_databases! {
    a_long_line_is_delivered_in_order_run_by_run,
    the_end_of_a_change_does_not_wait_behind_the_inquiries_of_others,
    the_end_of_a_change_keeps_its_place_in_its_own_line,
    inquiries_have_their_share_while_changes_pile_up,
    a_line_with_much_to_tell_does_not_keep_others_waiting,
}

/// `count` events, a few per line.
fn piled(count: usize, each: fn(&str, &str) -> NewEvent) -> Vec<NewEvent> {
    let line = |n: usize| format!("0105555{:04}", n % 100);
    let event = |n| each(&format!("piled-{n:04}"), &line(n));
    (0..count).map(event).collect()
}

async fn a_long_line_is_delivered_in_order_run_by_run(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=error_before:500%10~3", "ap=lost_answer%10~5"]);
    let told: Vec<String> = (0..60).map(|n| format!("event-{n:02}")).collect();
    let events: Vec<_> = told.iter().map(|id| inquiry(id, LINE)).collect();
    rig.enqueue(&events).await;
    let pace = RelayPace {
        run: 7,
        ..Rig::restless()
    };
    rig.start_relay(pace).await;
    rig.start_relay(pace).await;
    until("all delivered", async || rig.waiting().await == 0).await;
    assert_eq!(rig.received_of(LINE), told);
    rig.stop().await;
}

async fn the_end_of_a_change_does_not_wait_behind_the_inquiries_of_others(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:20"]);
    rig.enqueue(&piled(1_000, inquiry)).await;
    rig.start_relay(Rig::pace()).await;
    until("it works", async || rig.received().len() > 20).await;
    rig.tell(&event("change", LINE)).await;
    let before = rig.received().len();
    until("it is delivered", async || {
        !rig.received_of(LINE).is_empty()
    })
    .await;
    let meanwhile = rig.received().len() - before;
    assert!(meanwhile < 300, "{meanwhile} were delivered before it");
    rig.stop().await;
}

async fn the_end_of_a_change_keeps_its_place_in_its_own_line(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let mut events: Vec<_> = (0..5)
        .map(|n| inquiry(&format!("before-{n}"), LINE))
        .collect();
    events.push(event("change", LINE));
    events.push(inquiry("after", LINE));
    rig.enqueue(&events).await;
    let pace = RelayPace {
        run: 2,
        ..Rig::pace()
    };
    rig.start_relay(pace).await;
    until("all delivered", async || rig.waiting().await == 0).await;
    let told: Vec<_> = events.into_iter().map(|event| event.event_id).collect();
    assert_eq!(rig.received_of(LINE), told);
    let idle = "SELECT COUNT(*) FROM outbox_line WHERE due_at IS NULL AND urgent = FALSE";
    until("the line is like any other", async || {
        rig.database.number(idle).await == 1
    })
    .await;
    rig.stop().await;
}

async fn inquiries_have_their_share_while_changes_pile_up(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:20"]);
    rig.enqueue(&piled(1_000, event)).await;
    rig.enqueue(&[inquiry("inquiry", OTHER_LINE)]).await;
    rig.start_relay(Rig::pace()).await;
    until("it is delivered", async || {
        !rig.received_of(OTHER_LINE).is_empty()
    })
    .await;
    let before = rig.received().len();
    assert!(before < 300, "{before} were delivered before it");
    rig.stop().await;
}

async fn a_line_with_much_to_tell_does_not_keep_others_waiting(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.faults(&["ap=delay:20"]);
    let much: Vec<_> = (0..500)
        .map(|n| inquiry(&format!("much-{n:03}"), LINE))
        .collect();
    rig.enqueue(&much).await;
    let pace = RelayPace {
        at_once: 1,
        run_for: Duration::from_millis(100),
        ..Rig::pace()
    };
    rig.start_relay(pace).await;
    until("it works", async || rig.received().len() > 2).await;
    rig.tell(&inquiry("other", OTHER_LINE)).await;
    let before = rig.received().len();
    until("it is delivered", async || {
        !rig.received_of(OTHER_LINE).is_empty()
    })
    .await;
    let meanwhile = rig.received().len() - before;
    assert!(meanwhile < 100, "{meanwhile} were delivered before it");
    rig.stop().await;
}
