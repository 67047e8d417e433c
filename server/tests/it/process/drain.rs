//! Shutdown: SIGTERM loses no request. It does not depend on the database, so it is the embedded one.

use crate::{
    signals::Signal,
    support::{
        backends::TestDatabase,
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
    data: TempDir,
}

impl Asking {
    async fn start(fault: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_after(&[], fault, settings).await
    }

    /// After inquiries of those customers, which KOS answers; the AP answers nothing.
    async fn start_after(others: &[&str], fault: &str, settings: &[(&str, &str)]) -> Self {
        let kos = simulator::start(SimulatorConfig::default()).await.unwrap();
        kos.faults().set(["ap=hang".parse().unwrap()]);
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
        for other in others {
            let answer = inquire(&login(&process, other).await).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let rules = ["ap=hang", fault];
        kos.faults().set(rules.map(|rule| rule.parse().unwrap()));
        let customer = login(&process, "demo01").await;
        let inquiry = tokio::spawn(async move { inquire(&customer).await });
        let (journal, before) = (kos.journal(), others.len() as u64);
        until("KOS is asked", async || {
            journal.calls(Operation::Bill) > before
        })
        .await;
        Self {
            process,
            inquiry,
            kos,
            data,
        }
    }
}

async fn login(process: &Process, user_id: &str) -> Client {
    let anonymous = Client::new(&process.origin);
    let body = json!({"userId": user_id, "password": "Demo-pass-2026"});
    let login = anonymous.post_json("/api/v1/auth/login", body).await.json();
    anonymous.bearer(login["accessToken"].as_str().unwrap())
}

async fn inquire(customer: &Client) -> Answer {
    let path = "/api/v1/bill/inquiry";
    customer.post_json(path, json!({})).await
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

/// The longest end: requests and deliveries hang, all at once.
#[tokio::test]
async fn the_end_takes_no_longer_than_requests_may_and_leaves_no_lease() {
    let four_seconds = [("PHONEBILL__HTTP__DRAIN_TIMEOUT_MS", "4000")];
    let mut asking = Asking::start_after(&["bill01"], "kos.bill=hang", &four_seconds).await;
    let journal = asking.kos.journal();
    until("the AP is told", async || journal.calls(Operation::Ap) >= 1).await;
    let signalled = Instant::now();
    asking.process.signal(Signal::TERM);
    assert_eq!(asking.process.ended().await.code(), Some(0));
    let took = signalled.elapsed();
    assert!(took < Duration::from_millis(5_500), "{took:?}");
    asking.inquiry.abort();
    asking.kos.stop().await;
    let file = asking.data.path().join("phonebill.db");
    let database = TestDatabase::open(format!("sqlite:{}", file.display())).await;
    let waiting = "SELECT COUNT(*) FROM outbox WHERE state = 'WAITING'";
    assert_eq!(database.number(waiting).await, 1);
    let leased = "SELECT COUNT(*) FROM outbox_line WHERE lease IS NOT NULL";
    assert_eq!(database.number(leased).await, 0);
    database.db.close().await;
}
