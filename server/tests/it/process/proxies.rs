//! Calls to KOS and the AP ignore proxies that the environment names: they carry customers' data. The
//! database does not matter, so it is the embedded one.

use crate::support::{client::Client, process::Process, wait::until};
use serde_json::{Value, json};
use simulator::{Operation, SimulatorConfig};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::net::TcpListener;

const SECRET: &str = "a-secret-of-the-two";

#[tokio::test]
async fn kos_and_the_ap_are_asked_past_the_proxies_of_the_environment() {
    let stand_ins = simulator::start(SimulatorConfig {
        ap_secret: SECRET.into(),
        ..SimulatorConfig::default()
    })
    .await
    .unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let connected = Arc::new(AtomicUsize::new(0));
    let counted = connected.clone();
    tokio::spawn(async move {
        while proxy.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let [kos, ap] = [stand_ins.kos_url(), stand_ins.ap_url()].map(Option::unwrap);
    let names = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ];
    let mut settings = names.map(|name| (name, proxy_url.as_str())).to_vec();
    settings.extend([("KOS_URL", kos.as_str()), ("MVNO_AP_URL", ap.as_str())]);
    settings.extend([("NO_PROXY", ""), ("no_proxy", "")]);
    settings.push(("PHONEBILL__MVNO__SIGNING_SECRET", SECRET));
    let data = tempfile::tempdir().unwrap();
    let process = Process::serve(&data, &settings);

    let anonymous = Client::new(&process.origin);
    let body = json!({"userId": "demo01", "password": "Demo-pass-2026"});
    let login = anonymous.post_json("/api/v1/auth/login", body).await.json();
    let customer = anonymous.bearer(login["accessToken"].as_str().unwrap());
    let bill = customer.post_json("/api/v1/bill/inquiry", json!({})).await;
    assert_eq!(bill.status, 200, "{bill:?}");
    let change = json!({
        "lineId": login["user"]["lines"][0]["lineId"],
        "currentProductCode": "5G-STANDARD-001",
        "targetProductCode": "LTE-BASIC-001",
    });
    let change: Value = customer
        .with("idempotency-key", "key-0001")
        .post_json("/api/v1/product/request", change)
        .await
        .json();
    assert_eq!(change["status"], "COMPLETED", "{change}");
    until("the AP has both events", async || {
        stand_ins.ledger().ap_events().unwrap().len() == 2
    })
    .await;
    assert_eq!(stand_ins.journal().calls(Operation::Change), 1);
    assert_eq!(connected.load(Ordering::SeqCst), 0, "the proxy was asked");
    drop(process);
    stand_ins.stop().await;
}
