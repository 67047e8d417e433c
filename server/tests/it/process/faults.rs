//! The stand-ins for a developer: inside the product with faults, and alone. On the embedded database,
//! which needs nothing installed.

use crate::{
    signals::{self, Signal},
    support::{
        client::Client,
        process::{Process, phonebill, run},
    },
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::Child,
};

/// A `phonebill simulate`; killed when dropped.
struct StandIns {
    child: Child,
    urls: BTreeMap<String, String>,
}

impl StandIns {
    /// Starts it on free ports, with further arguments.
    fn start(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = phonebill(data.path())
            .arg("simulate")
            .args(["--kos-addr", "127.0.0.1:0", "--ap-addr", "127.0.0.1:0"])
            .args(["--control-addr", "127.0.0.1:0"])
            .args(arguments)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let urls = lines.take(3).map(|line| {
            let line = line.unwrap();
            let (name, url) = line.split_once('=').unwrap();
            (name.to_owned(), url.to_owned())
        });
        let urls = urls.collect();
        Self { child, urls }
    }

    fn client(&self, name: &str) -> Client {
        Client::new(&self.urls[name])
    }
}

impl Drop for StandIns {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_product_starts_with_a_kos_that_hangs() {
    let data = tempfile::tempdir().unwrap();
    let mut command = phonebill(data.path());
    let process = Process::started(command.args(["serve", "--fault", "kos=hang"]));
    let anonymous = Client::new(&process.origin);
    let body = json!({"userId": "demo01", "password": "Demo-pass-2026"});
    let login = anonymous.post_json("/api/v1/auth/login", body).await.json();
    let customer = anonymous.bearer(login["accessToken"].as_str().unwrap());
    let bill = customer.post_json("/api/v1/bill/inquiry", json!({})).await;
    assert_eq!(bill.problem(), (504, "KOS_TIMEOUT".to_owned()));
    for untouched in ["/api/v1/bill/menu", "/api/v1/bill/history", "/health/ready"] {
        assert_eq!(customer.get(untouched).await.status, 200, "{untouched}");
    }
}

#[tokio::test]
async fn the_stand_ins_run_alone_with_faults_and_without_what_kos_may_lack() {
    let all = StandIns::start(&["--fault", "kos.list=refuse:9998*1"]);
    let kos = all.client("KOS_URL");
    for code in ["9998", "0000"] {
        let list = kos.get("/api/v1/kos/product/list").await.json();
        assert_eq!(list["resultCode"], code);
    }
    let rules = all.client("control").get("/control/faults").await;
    assert_eq!(rules.json(), json!([]));

    let status = "/api/v1/kos/product/change/nobody";
    assert_eq!(kos.get(status).await.json()["resultCode"], "2404");
    let without = StandIns::start(&["--without", "k1,k4", "--fault", "ap=hang"]);
    assert_eq!(without.client("KOS_URL").get(status).await.status, 404);
    // Without K4, KOS does not check the caller's `currentProductCode`.
    let believes_wrongly = json!({
        "lineNumber": "01012345678", "currentProductCode": "LTE-LITE-001",
        "targetProductCode": "LTE-BASIC-001", "requestId": "r-1",
    });
    for (stand_ins, code) in [(&all, "2006"), (&without, "0000")] {
        let kos = stand_ins.client("KOS_URL");
        let path = "/api/v1/kos/product/change";
        let answer = kos.post_json(path, believes_wrongly.clone()).await;
        assert_eq!(answer.json()["resultCode"], code);
    }
    let rules = without.client("control").get("/control/faults").await;
    assert_eq!(rules.json(), json!(["ap=hang"]));
}

#[tokio::test]
async fn the_stand_ins_end_on_sigterm_and_keep_their_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let keep = [
        "--base-only",
        "--ledger-dir",
        folder.path().to_str().unwrap(),
    ];
    let mut first = StandIns::start(&keep);
    let change = json!({
        "lineNumber": "01012345678", "currentProductCode": "5G-STANDARD-001",
        "targetProductCode": "LTE-BASIC-001", "requestId": "r-1",
    });
    let kos = first.client("KOS_URL");
    let answer = kos.post_json("/api/v1/kos/product/change", change).await;
    assert_eq!(answer.json()["resultCode"], "0000", "{answer:?}");
    signals::send(first.child.id(), Signal::TERM).unwrap();
    assert_eq!(first.child.wait().unwrap().code(), Some(0));

    let again = StandIns::start(&keep);
    let ledger = again.client("control").get("/control/ledger").await.json();
    assert_eq!(ledger["changesApplied"][0]["requestId"], "r-1", "{ledger}");
}

#[test]
fn a_fault_rule_that_means_nothing_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let (code, said) = run(&data, "simulate --fault kos.list=hung", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is not a fault rule"), "{said}");
}
