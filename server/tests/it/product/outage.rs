//! KOS or the database away, before a change is sent and after.

use super::{
    OTHER_LINE, Replica, Stand, TO, command, customer, demo01, impatient, limits, unbreakable,
};
use crate::support::{
    backends::{TestDatabase, on_both_databases, on_postgres},
    wait::until,
};
use app::{
    model::{Change, ChangeStatus},
    problem::{Problem, ProblemCode as P},
    ssr::ProductPort,
};
use server::{
    clock::Clock,
    config::{BreakerConfig, KosConfig},
    db::Db,
};
use simulator::Capabilities;
use std::time::Duration;

on_both_databases! {
    without_kos_nothing_is_recorded,
    an_open_breaker_refuses_before_anything_is_recorded,
    without_a_place_nothing_is_recorded,
    a_change_that_was_not_sent_leaves_nothing_behind,
    an_end_that_cannot_be_written_is_pending_and_found_later,
    an_end_that_will_never_be_taken_is_for_a_person,
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

async fn an_open_breaker_refuses_before_anything_is_recorded(database: TestDatabase) {
    let mut stand = Stand::start(database).await;
    stand.breaker = BreakerConfig {
        window: 1,
        minimum_calls: 1,
        ..unbreakable()
    };
    let (replica, who) = (stand.replica().await, demo01());
    // One unclear change opens the breaker of changes; inquiries go on.
    stand.faults(&["kos.change=error_before:500*1"]);
    let unclear = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(unclear.status, ChangeStatus::Pending);
    let open = change_another_line(&replica).await.unwrap_err();
    assert_eq!(open.code(), P::KosUnavailable);
    assert!(open.retry_after.is_some());
    assert_eq!((rows(&stand).await, keys(&stand).await), (1, 1));
    assert_eq!(stand.sent_and_applied(), (1, 0));
    stand.stop().await;
}

async fn without_a_place_nothing_is_recorded(database: TestDatabase) {
    let limits = KosConfig {
        change_places: 1,
        place_timeout: Duration::from_millis(50),
        ..limits()
    };
    let stand = Stand::with(database, Capabilities::ALL, limits).await;
    let (replica, who) = (stand.replica().await, demo01());
    // The only place is taken when the second change would need it.
    stand.faults(&["kos.change=delay:2000*1"]);
    let first = replica.request(&who, "key-0001", TO);
    let second = async {
        until("the first is on its way", async || {
            stand.sent_and_applied().0 == 1
        })
        .await;
        let second = change_another_line(&replica).await.unwrap_err();
        assert_eq!(second.code(), P::KosUnavailable);
        assert_eq!((rows(&stand).await, keys(&stand).await), (1, 1));
        // Not even for a moment: an intent marks its line.
        assert_eq!(marked_lines(&stand).await, 1);
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.unwrap().status, ChangeStatus::Completed);
    // The key is free: the same request is carried out now.
    let again = change_another_line(&replica).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (2, 2));
    stand.stop().await;
}

async fn a_change_that_was_not_sent_leaves_nothing_behind(database: TestDatabase) {
    let limits = KosConfig {
        calls_per_minute: 20,
        ..limits()
    };
    let mut stand = Stand::with(database, Capabilities::ALL, limits).await;
    stand.clock = Clock::manual(1_795_000_000_000);
    let (replica, who) = (stand.replica().await, demo01());
    // Two calls at once: the line and the price list. The change finds none left.
    let spent = replica.request(&who, "key-0001", TO).await.unwrap_err();
    assert_eq!(spent.code(), P::KosUnavailable);
    assert_eq!((rows(&stand).await, keys(&stand).await), (0, 0));
    assert_eq!(marked_lines(&stand).await, 1);
    assert_eq!(stand.sent_and_applied(), (0, 0));
    // The key is free: the same request is carried out now.
    stand.clock.advance(Duration::from_secs(60));
    let again = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn an_end_that_cannot_be_written_is_pending_and_found_later(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    let away = "ALTER TABLE product_history RENAME TO product_history_away";
    stand.database.execute(away).await;
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    let back = "ALTER TABLE product_history_away RENAME TO product_history";
    stand.database.execute(back).await;
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn an_end_that_will_never_be_taken_is_for_a_person(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    let no_end = match &stand.database.db {
        Db::Sqlite { .. } => {
            "CREATE TRIGGER no_end BEFORE UPDATE ON product_change WHEN new.state = 'COMPLETED'
             BEGIN SELECT RAISE(ABORT, 'no end'); END"
        }
        Db::Postgres(..) => {
            "ALTER TABLE product_change ADD CONSTRAINT no_end CHECK (state <> 'COMPLETED')"
        }
    };
    stand.database.execute(no_end).await;
    stand.faults(&["kos.change=lost_answer"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    replica.product.start_reconciler();
    until("it is handed over", async || {
        stand.state().await == "MANUAL"
    })
    .await;
    let status = replica.product.status(&who, &pending.request_id).await;
    assert_eq!(status.unwrap().status, ChangeStatus::Pending);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

/// The line is taken when the change is to be begun, and free when one looks whose change it is.
#[tokio::test]
async fn a_line_that_was_taken_for_a_moment_is_tried_again() {
    on_postgres(tried_again).await;
}

async fn tried_again(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    for statement in [
        "CREATE SEQUENCE tries",
        "CREATE FUNCTION first_is_taken() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN IF nextval(''tries'') = 1 THEN RETURN NULL; END IF; RETURN NEW; END'",
        "CREATE TRIGGER first_is_taken BEFORE INSERT ON product_change
         FOR EACH ROW EXECUTE FUNCTION first_is_taken()",
    ] {
        stand.database.execute(statement).await;
    }
    let done = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(done.status, ChangeStatus::Completed);
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn rows(stand: &Stand) -> i64 {
    stand
        .database
        .number("SELECT COUNT(*) FROM product_change")
        .await
}

async fn keys(stand: &Stand) -> i64 {
    stand
        .database
        .number("SELECT COUNT(*) FROM product_answer")
        .await
}

/// Lines of which a change was ever begun.
async fn marked_lines(stand: &Stand) -> i64 {
    stand
        .database
        .number("SELECT COUNT(*) FROM line_generation")
        .await
}

/// Another customer changes their line to its cheapest plan.
async fn change_another_line(replica: &Replica) -> Result<Change, Problem> {
    let other = customer("other", &[OTHER_LINE]);
    let now = replica.product.options(&other, None).await?;
    let (from, to) = (&now.current_product.code, &now.products[0].product.code);
    let command = command(&other, "key-0002", from.as_str(), to.as_str());
    replica.product.request(&other, command).await
}
