//! Shutdown: SIGTERM loses no request. It does not depend on the database, so it is the embedded one.

use crate::{
    signals::Signal,
    support::{
        client::{Answer, Client},
        process::Process,
        wait::until,
    },
};
use serde_json::json;
use simulator::{Operation, Simulator, SimulatorConfig};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinHandle;

#[tokio::test]
async fn sigterm_tells_the_balancer_serves_on_and_ends_well() {
    let data = tempfile::tempdir().unwrap();
    let pause = ("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "1500");
    let mut process = Process::serve(&data, &[pause]);
    let client = Client::new(&process.origin);
    assert_eq!(client.get("/health/ready").await.status, 200);
    let signalled = Instant::now();
    process.signal(Signal::TERM);
    until("readiness says no", || async {
        client.get("/health/ready").await.status == 503
    })
    .await;
    assert!(
        signalled.elapsed() < Duration::from_millis(1_500),
        "at once"
    );
    let page = client.get("/login").await;
    assert_eq!((page.status, page.header("connection")), (200, "close"));
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(signalled.elapsed() >= Duration::from_millis(1_500));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let data = tempfile::tempdir().unwrap();
    let pause = ("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "60000");
    let mut process = Process::serve(&data, &[pause]);
    let client = Client::new(&process.origin);
    process.signal(Signal::TERM);
    until("readiness says no", || async {
        client.get("/health/ready").await.status == 503
    })
    .await;
    process.signal(Signal::TERM);
    assert_eq!(process.ended().await.code(), Some(130));
}

/// A process with an inquiry under way that KOS answers late or never.
struct Asking {
    process: Process,
    inquiry: JoinHandle<Answer>,
    kos: Simulator,
    _data: TempDir,
}

impl Asking {
    async fn start(fault: &str, settings: &[(&str, &str)]) -> Self {
        let kos = simulator::start(SimulatorConfig::default()).await.unwrap();
        kos.faults().set([fault.parse().unwrap()]);
        let (kos_url, ap_url) = (kos.kos_url().unwrap(), kos.ap_url().unwrap());
        let mut all = vec![
            ("KOS_URL", kos_url.as_str()),
            ("MVNO_AP_URL", &ap_url),
            ("PHONEBILL__KOS__INQUIRY_TIMEOUT_MS", "53000"),
            ("PHONEBILL__HTTP__REQUEST_TIMEOUT_MS", "60000"),
            ("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "0"),
        ];
        all.extend(settings);
        let data = tempfile::tempdir().unwrap();
        let process = Process::serve(&data, &all);
        let anonymous = Client::new(&process.origin);
        let body = json!({"userId": "demo01", "password": "Demo-pass-2026"});
        let login = anonymous.post_json("/api/v1/auth/login", body).await.json();
        let customer = anonymous.bearer(login["accessToken"].as_str().unwrap());
        let inquiry = tokio::spawn(async move {
            let path = "/api/v1/bill/inquiry";
            customer.post_json(path, json!({})).await
        });
        let journal = kos.journal();
        until("KOS is asked", async || journal.calls(Operation::Bill) == 1).await;
        Self {
            process,
            inquiry,
            kos,
            _data: data,
        }
    }
}

#[tokio::test]
async fn sigterm_lets_a_request_finish_that_is_under_way() {
    let mut asking = Asking::start("kos.bill=delay:3000", &[]).await;
    asking.process.signal(Signal::TERM);
    let bill = asking.inquiry.await.unwrap();
    assert_eq!((bill.status, bill.header("connection")), (200, "close"));
    assert_eq!(asking.process.ended().await.code(), Some(0));
    asking.kos.stop().await;
}

#[tokio::test]
async fn sigterm_waits_for_no_request_longer_than_it_is_told() {
    let brief = [("PHONEBILL__HTTP__DRAIN_TIMEOUT_MS", "300")];
    let mut asking = Asking::start("kos.bill=hang", &brief).await;
    let signalled = Instant::now();
    asking.process.signal(Signal::TERM);
    assert_eq!(asking.process.ended().await.code(), Some(0));
    // Less than the default of eight seconds, and than the inquiry's minute.
    let took = signalled.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
    asking.inquiry.abort();
    asking.kos.stop().await;
}
