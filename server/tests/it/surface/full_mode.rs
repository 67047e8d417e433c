//! The full mode: over Redis, replicas share what one has loaded, changed and counted.

use crate::support::{
    backends::{TestDatabase, on_postgres},
    client::Client,
    environment,
    redis::Corner,
    test_app::TestApp,
    wait::until,
};
use serde_json::{Value, json};
use server::auth::DEMO_PASSWORD;
use simulator::{Operation, SimulatorConfig, fault_proxy::MessageCut};

const AP_SECRET: &str = "a-secret-of-the-two";

/// Two replicas connected to Redis; `None`, after saying so, if the tests run without Redis.
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
async fn what_is_kept_in_the_process_too_shows_no_plan_that_another_replica_changed() {
    on_postgres(plan_changed_at_another_replica).await;
}

async fn plan_changed_at_another_replica(database: TestDatabase) {
    let Some(corner) = Corner::find() else { return };
    let kos = simulator::start(SimulatorConfig {
        ap_secret: AP_SECRET.into(),
        ..SimulatorConfig::default()
    })
    .await
    .unwrap();
    let to_redis = corner.proxy();
    // Only a replica with client-side caching asks Redis for invalidations.
    to_redis.cut_at(MessageCut::lose("TRACKING"));
    let (kos_url, ap_url) = (kos.kos_url().unwrap(), kos.ap_url().unwrap());
    let redis_url = format!("redis://{}", to_redis.addr());
    let settings = [
        ("KOS_URL", kos_url.as_str()),
        ("MVNO_AP_URL", &ap_url),
        ("PHONEBILL__MVNO__SIGNING_SECRET", AP_SECRET),
        ("REDIS_URL", &redis_url),
        ("PHONEBILL__CACHE__CLIENT_SIDE", "on"),
    ];
    let Some([first, second]) = replicas(&database, &settings).await else {
        return;
    };
    assert_eq!(to_redis.cuts(), 1, "no replica asked for invalidations");
    let (here, there) = (first.login("demo01").await, second.login("demo01").await);
    let plan = async |client: &Client| {
        let menu = client.get("/api/v1/product/menu").await.json();
        menu["currentProduct"]["code"].clone()
    };
    for client in [&here, &there, &here] {
        assert_eq!(plan(client).await, "5G-STANDARD-001");
    }
    assert_eq!(
        kos.journal().calls(Operation::Product),
        1,
        "one replica asked"
    );
    let lines = there.get("/api/v1/auth/user-info").await.json()["lines"].clone();
    let change = json!({
        "lineId": lines[0]["lineId"],
        "currentProductCode": "5G-STANDARD-001",
        "targetProductCode": "LTE-BASIC-001",
    });
    let there = there.with("idempotency-key", "key-0001");
    let changed = there.post_json("/api/v1/product/request", change).await;
    assert_eq!(changed.json()["status"], "COMPLETED", "{changed:?}");
    assert_eq!(plan(&here).await, "LTE-BASIC-001");
    let bill = here.post_json("/api/v1/bill/inquiry", json!({})).await;
    assert_eq!(bill.json()["product"]["code"], "LTE-BASIC-001", "{bill:?}");
    first.stop().await;
    second.stop().await;
    kos.stop().await;
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
