//! Late applications: a change that KOS applies after it was shown as not applied is found and reported.

use super::{FROM, LINE, Replica, Stand, TO, command, demo01, impatient, plan, with_lookup};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    wait::until,
};
use app::{
    model::{ChangeStatus, RequestId},
    ssr::ProductPort,
    text::{self, Lang},
};
use axum::{body::Bytes, http::Uri};
use server::{
    db::DbError,
    product::{RecheckPace, attention},
};
use simulator::Capabilities;
use sqlx::AssertSqlSafe;
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify, time::timeout};

on_both_databases! {
    a_late_application_is_found_and_the_end_stays_what_it_was,
    what_stays_not_applied_is_forgotten_after_a_day,
    a_line_that_was_changed_since_tells_nothing,
    a_line_that_is_changed_while_it_is_asked_about_tells_nothing,
    a_retry_by_a_clock_that_is_behind_came_later_all_the_same,
    a_row_that_does_not_read_back_hides_no_other,
    what_kos_says_of_the_change_itself_counts_whatever_came_later,
    a_stop_does_not_wait_for_a_kos_that_hangs,
}

/// Sends a change that is lost and settled as not applied.
async fn not_applied(stand: &Stand, replica: &Replica) -> RequestId {
    let who = demo01();
    stand.faults(&["kos.change=error_before:500"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    replica.product.start_reconciler();
    let settled = replica.settled(&who, &pending.request_id).await;
    assert_eq!(settled.status, ChangeStatus::Failed);
    stand.faults(&[]);
    settled.request_id
}

async fn make_due(stand: &Stand) {
    let due = "UPDATE product_change SET recheck_at = 1 WHERE recheck_at IS NOT NULL";
    assert_eq!(stand.database.execute(due).await, 1);
}

/// Makes every look due, and looks.
async fn look(stand: &Stand, replica: &Replica, pace: RecheckPace) {
    make_due(stand).await;
    let watch = replica.product.late_watch(stand.database.db.clone());
    watch.with_pace(pace).run().await.unwrap();
}

async fn to_be_looked_at(stand: &Stand) -> i64 {
    let waiting = "SELECT COUNT(*) FROM product_change WHERE recheck_at IS NOT NULL";
    stand.database.number(waiting).await
}

async fn a_late_application_is_found_and_the_end_stays_what_it_was(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let replica = stand.replica().await;
    let id = not_applied(&stand, &replica).await;
    look(&stand, &replica, RecheckPace::default()).await;
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    assert_eq!(to_be_looked_at(&stand).await, 1);
    let told = replica.product.status(&demo01(), &id).await.unwrap();
    assert!(!told.under_review);
    let shown = replica.product.menu(&demo01(), None).await.unwrap();
    assert_eq!(shown.current_product.code.as_str(), FROM);

    // A process that was stopped continues and sends.
    let (line, from, to) = (LINE.parse().unwrap(), plan(FROM), plan(TO));
    let late = replica.client.change(&id.0, &line, &from, &to, &|| true);
    late.await.unwrap();
    look(&stand, &replica, RecheckPace::default()).await;
    let found = attention(&stand.database.db).await.unwrap();
    assert_eq!((found.late, found.open, found.manual), (1, 0, 0));
    // A day later it is no news; a process that starts then must not report it again.
    let days =
        |days: i64| format!("UPDATE product_change SET late_at = late_at - {days} * 86400000");
    stand.database.execute(AssertSqlSafe(days(1))).await;
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    stand.database.execute(AssertSqlSafe(days(-1))).await;
    assert_eq!(to_be_looked_at(&stand).await, 0);
    let told = replica.product.status(&demo01(), &id).await.unwrap();
    assert_eq!(told.status, ChangeStatus::Failed);
    assert!(told.under_review);
    let sentence = text::problem::found_late(Lang::default());
    assert_eq!(told.failure.unwrap().message, sentence);
    // The cached line shows a plan that it is known to have left.
    until("the menu shows the new plan", async || {
        let shown = replica.product.menu(&demo01(), None).await.unwrap();
        shown.current_product.code.as_str() == TO
    })
    .await;
    stand.stop().await;
}

async fn what_stays_not_applied_is_forgotten_after_a_day(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let replica = stand.replica().await;
    not_applied(&stand, &replica).await;
    let over = RecheckPace {
        stop_after: Duration::ZERO,
        ..RecheckPace::default()
    };
    look(&stand, &replica, over).await;
    assert_eq!(to_be_looked_at(&stand).await, 0);
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    stand.stop().await;
}

async fn a_line_that_was_changed_since_tells_nothing(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    not_applied(&stand, &replica).await;
    // The customer tried again and it worked: the line is on the wanted plan, by another change.
    let again = command(&who, "key-0002", FROM, TO);
    let again = replica.product.request(&who, again).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    look(&stand, &replica, RecheckPace::default()).await;
    assert_eq!(to_be_looked_at(&stand).await, 0);
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    stand.stop().await;
}

async fn a_retry_by_a_clock_that_is_behind_came_later_all_the_same(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    not_applied(&stand, &replica).await;
    let again = replica.request(&who, "key-0002", TO).await.unwrap();
    assert_eq!(again.status, ChangeStatus::Completed);
    let behind = "UPDATE product_change SET requested_at = requested_at - 3600000
                   WHERE state = 'COMPLETED'";
    stand.database.execute(behind).await;
    look(&stand, &replica, RecheckPace::default()).await;
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    stand.stop().await;
}

async fn a_row_that_does_not_read_back_hides_no_other(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let replica = stand.replica().await;
    let id = not_applied(&stand, &replica).await;
    let (line, from, to) = (LINE.parse().unwrap(), plan(FROM), plan(TO));
    let late = replica.client.change(&id.0, &line, &from, &to, &|| true);
    late.await.unwrap();
    let broken = "INSERT INTO product_change (request_id, account_id, customer_id, line_id,
                      line_number, from_code, from_name, to_code, to_name, idempotency_key,
                      trace_id, state, requested_at, called_at, recheck_at)
                  SELECT 'CHG-BROKEN', account_id, customer_id, line_id, line_number, '?', from_name,
                      '?', to_name, 'key-0009', trace_id, state, 0, 0, 0 FROM product_change";
    stand.database.execute(broken).await;
    let due = "UPDATE product_change SET recheck_at = 1 WHERE recheck_at > 1";
    stand.database.execute(due).await;
    let watch = replica.product.late_watch(stand.database.db.clone());
    let told = watch.run().await.unwrap_err();
    assert!(matches!(told, DbError::Corrupt { .. }), "{told:?}");
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 1);
    stand.stop().await;
}

/// A gate in front of KOS: reports that a question has arrived, and forwards it once opened.
#[derive(Clone, Default)]
struct Gate {
    arrived: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    /// Its URL.
    async fn before(&self, kos: &str) -> String {
        let (gate, kos) = (self.clone(), Arc::new(Client::new(kos)));
        let passed_on = move |uri: Uri, body: Bytes| {
            let (gate, kos) = (gate.clone(), kos.clone());
            async move {
                gate.arrived.notify_one();
                gate.open.notified().await;
                let asked = kos.post_as(uri.path(), "application/json", body);
                asked.await.body
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(passed_on);
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }
}

/// The customer tries again between the look at the record and KOS's answer.
async fn a_line_that_is_changed_while_it_is_asked_about_tells_nothing(database: TestDatabase) {
    let mut stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    not_applied(&stand, &replica).await;
    let gate = Gate::default();
    stand.kos.url = gate.before(&stand.kos.url).await;
    let watching = stand.replica().await;
    let looked = look(&stand, &watching, RecheckPace::default());
    let tried_again = async {
        gate.arrived.notified().await;
        let again = command(&who, "key-0002", FROM, TO);
        let again = replica.product.request(&who, again).await.unwrap();
        assert_eq!(again.status, ChangeStatus::Completed);
        gate.open.notify_one();
    };
    tokio::join!(looked, tried_again);
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 0);
    stand.stop().await;
}

/// With K1, KOS reports on this very change, not on the line's plan.
async fn what_kos_says_of_the_change_itself_counts_whatever_came_later(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::ALL, with_lookup(impatient())).await;
    let (replica, who) = (stand.replica().await, demo01());
    let id = not_applied(&stand, &replica).await;
    let (line, from, to) = (LINE.parse().unwrap(), plan(FROM), plan(TO));
    let late = replica.client.change(&id.0, &line, &from, &to, &|| true);
    late.await.unwrap();
    let back = command(&who, "key-0002", TO, FROM);
    let back = replica.product.request(&who, back).await.unwrap();
    assert_eq!(back.status, ChangeStatus::Completed);
    look(&stand, &replica, RecheckPace::default()).await;
    assert_eq!(attention(&stand.database.db).await.unwrap().late, 1);
    stand.stop().await;
}

async fn a_stop_does_not_wait_for_a_kos_that_hangs(database: TestDatabase) {
    let mut stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let replica = stand.replica().await;
    not_applied(&stand, &replica).await;
    let gate = Gate::default();
    stand.kos.url = gate.before(&stand.kos.url).await;
    let watching = stand.replica().await;
    make_due(&stand).await;
    let watch = watching.product.late_watch(stand.database.db.clone());
    watch.start();
    gate.arrived.notified().await;
    let stopped = timeout(Duration::from_secs(1), stand.tasks.drain()).await;
    stopped.unwrap();
    // Asked again in its turn.
    assert_eq!(to_be_looked_at(&stand).await, 1);
}
