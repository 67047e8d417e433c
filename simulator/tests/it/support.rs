//! A running simulator and a caller of it.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use simulator::{Capabilities, Clock, Simulator, SimulatorConfig};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// 2026-11-21T09:30:00+09:00.
pub const NOW: i64 = 1_795_221_000;
pub const SECRET: &str = "a-secret-of-the-tests";

pub struct Stand {
    pub simulator: Simulator,
    pub clock: Clock,
    pub client: Client,
}

/// A simulator on a fixed clock, and a client that opens a connection per request, so that a cut
/// connection is never retried on another.
pub async fn stand(capabilities: Capabilities, ledger: Option<&Path>, faults: &[&str]) -> Stand {
    let clock = Clock::fixed(NOW).unwrap();
    let config = SimulatorConfig {
        capabilities,
        ledger_dir: ledger.map(Path::to_owned),
        ap_secret: SECRET.into(),
        control_addr: Some(([127, 0, 0, 1], 0).into()),
        faults: faults.iter().map(|rule| rule.parse().unwrap()).collect(),
        clock: clock.clone(),
        ..SimulatorConfig::default()
    };
    let simulator = simulator::start(config).await.unwrap();
    let client = Client::builder()
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .unwrap();
    Stand {
        simulator,
        clock,
        client,
    }
}

pub async fn extended() -> Stand {
    stand(Capabilities::ALL, None, &[]).await
}

impl Stand {
    pub fn kos(&self, path: &str) -> String {
        format!("{}/api/v1/kos{path}", self.simulator.kos_url().unwrap())
    }

    /// The answer as text; the status must be 200.
    pub async fn ask(&self, path: &str, body: Option<&Value>) -> String {
        let url = self.kos(path);
        let request = match body {
            None => self.client.get(url),
            Some(body) => self.client.post(url).json(body),
        };
        let request = request
            .header("X-Service-Name", "MVNO-PHONEBILL")
            .header("X-Request-ID", "trace-0001");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.ask(path, None).await).unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        serde_json::from_str(&self.ask(path, Some(body)).await).unwrap()
    }

    pub async fn bill(&self, line: &str, month: Option<&str>) -> Value {
        let body = json!({"lineNumber": line, "billingMonth": month, "requestId": "bill-1"});
        self.post("/bill/inquiry", &body).await
    }

    pub async fn current_plan(&self, line: &str) -> String {
        let body = json!({"lineNumber": line, "requestId": "product-1"});
        let answer = self.post("/product/inquiry", &body).await;
        answer["data"]["productInfo"]["currentProductCode"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Order numbers of the changes really applied.
    pub fn orders(&self) -> Vec<String> {
        let applied = self.simulator.ledger().changes_applied().unwrap();
        applied
            .into_iter()
            .map(|change| change.kos_order_number)
            .collect()
    }

    pub fn attempts(&self) -> usize {
        self.simulator.ledger().change_attempts().unwrap().len()
    }
}

pub fn change(line: &str, from: &str, to: &str, id: &str) -> Value {
    json!({
        "lineNumber": line, "currentProductCode": from, "targetProductCode": to, "requestId": id,
    })
}

/// Line 010-1234-5678 from the plan it starts on to LTE-BASIC-001.
pub fn demo_change(id: &str) -> Value {
    change("01012345678", "5G-STANDARD-001", "LTE-BASIC-001", id)
}

/// Waits until the condition holds, five seconds at most.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !holds() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
