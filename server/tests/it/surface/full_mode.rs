//! The full mode: by Redis, one replica knows what another one found out and counted.

use crate::support::{
    backends::{TestDatabase, on_postgres},
    environment,
    test_app::TestApp,
    wait::until,
};
use serde_json::{Value, json};
use server::auth::DEMO_PASSWORD;
use simulator::Operation;

/// Two replicas that have reached Redis; none, having said so, when there is no Redis.
async fn replicas(database: &TestDatabase, settings: &[(&str, &str)]) -> Option<[TestApp; 2]> {
    environment::backend(environment::REDIS_URL)?;
    let first = TestApp::start_with(database, settings).await;
    let second = TestApp::start_with(database, settings).await;
    for app in [&first, &second] {
        until("Redis answers", || async {
            let ready = app.anonymous().get("/health/ready").await;
            ready.json()["cache"] == json!({ "shared": true, "answers": true })
        })
        .await;
    }
    Some([first, second])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bill_that_one_replica_was_told_costs_the_others_no_call() {
    on_postgres(bill_of_another_replica).await;
}

async fn bill_of_another_replica(database: TestDatabase) {
    let Some([first, second]) = replicas(&database, &[]).await else {
        return;
    };
    let asked = |app: &TestApp| app.simulator().journal().calls(Operation::Bill);
    for (app, source) in [(&first, "KOS"), (&second, "CACHE")] {
        let client = app.login("demo01").await;
        let bill = client.post_json("/api/v1/bill/inquiry", json!({})).await;
        assert_eq!(bill.json()["freshness"]["source"], Value::from(source));
    }
    assert_eq!((asked(&first), asked(&second)), (1, 0));
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_are_counted_by_all_replicas_together() {
    on_postgres(logins_at_either_replica).await;
}

async fn logins_at_either_replica(database: TestDatabase) {
    let settings = [
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__ID_LOGIN_BURST", "2"),
    ];
    let Some([first, second]) = replicas(&database, &settings).await else {
        return;
    };
    for (app, status) in [(&first, 200), (&second, 200), (&first, 429), (&second, 429)] {
        let body = json!({ "userId": "demo01", "password": DEMO_PASSWORD });
        let answer = app.anonymous().post_json("/api/v1/auth/login", body).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    first.stop().await;
    second.stop().await;
}
