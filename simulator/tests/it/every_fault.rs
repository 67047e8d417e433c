//! Every fault of every operation: by the control port, by a script and by a rate.

use crate::support::{SECRET, Stand, demo_change, extended};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use simulator::Operation;
use std::{collections::BTreeSet, time::Duration};

/// Each fault, and what a caller sees of it. `refuse` differs per system.
const FAULTS: [(&str, &str); 12] = [
    ("delay:20", "well"),
    ("error_before", "503"),
    ("error_after:502", "502"),
    ("lost_answer", "no answer"),
    ("hang", "time-out"),
    ("hang_after", "time-out"),
    ("reset", "no answer"),
    ("half_body", "broken body"),
    ("garbage", "no JSON"),
    ("slow_drip:100", "time-out in the body"),
    ("duplicate_delivery", "well"),
    ("refuse:418", "418"),
];

/// A valid call of an operation.
fn call(stand: &Stand, operation: Operation) -> RequestBuilder {
    let line = "01012345678";
    let post = |path: &str, body: Value| stand.client.post(stand.kos(path)).json(&body);
    let inquiry = json!({"lineNumber": line, "requestId": "r-1"});
    match operation {
        Operation::Bill => post("/bill/inquiry", inquiry),
        Operation::Months => {
            let path = format!("/bill/available-months/{line}");
            stand.client.get(stand.kos(&path))
        }
        Operation::Product => post("/product/inquiry", inquiry),
        Operation::List => stand.client.get(stand.kos("/product/list")),
        Operation::Change => post("/product/change", demo_change("r-1")),
        Operation::ChangeStatus => stand.client.get(stand.kos("/product/change/nobody")),
        Operation::Ap => crate::ap::request(stand, &crate::ap::event("e-1"), SECRET),
    }
}

/// What a caller with the given patience sees.
async fn seen(stand: &Stand, operation: Operation, patience: Duration) -> String {
    let answer = match call(stand, operation).timeout(patience).send().await {
        Ok(answer) => answer,
        Err(error) if error.is_timeout() => return "time-out".into(),
        Err(_) => return "no answer".into(),
    };
    let status = answer.status();
    let body = match answer.bytes().await {
        Ok(body) => body,
        Err(error) if error.is_timeout() => return "time-out in the body".into(),
        Err(_) => return "broken body".into(),
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return "no JSON".into();
    };
    match body["resultCode"].as_str() {
        _ if status != StatusCode::OK => status.as_str().into(),
        // The same request again repeats the first answer (2007).
        None | Some("0000" | "2007" | "2404") => "well".into(),
        Some(code) => code.into(),
    }
}

/// The caller gives up only on calls that are never answered.
fn patience(expected: &str) -> Duration {
    match expected.starts_with("time-out") {
        true => Duration::from_millis(300),
        false => Duration::from_secs(10),
    }
}

async fn by_control_port(stand: &Stand, rule: &str) {
    let url = stand.simulator.control_url().unwrap();
    let set = stand.client.put(format!("{url}/control/faults"));
    let answer = set.json(&json!([rule])).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{rule}");
}

async fn each_fault_of(operation: Operation, another: Operation) {
    let stand = extended().await;
    let name = operation.as_str();
    for (fault, expected) in FAULTS {
        by_control_port(&stand, &format!("{name}={fault}")).await;
        for _ in 0..2 {
            let seen = seen(&stand, operation, patience(expected)).await;
            assert_eq!(seen, expected, "{name}={fault}");
        }
        let other = seen(&stand, another, patience("well")).await;
        assert_eq!(other, "well", "{name}={fault} is another operation's too");

        let script = format!("{name}=ok,{fault}");
        stand.simulator.faults().set([script.parse().unwrap()]);
        for expected in ["well", expected, "well"] {
            let seen = seen(&stand, operation, patience(expected)).await;
            assert_eq!(seen, expected, "{script}");
        }
    }
    let rate = format!("{name}=error_before%50~7");
    stand.simulator.faults().set([rate.parse().unwrap()]);
    let mut both = BTreeSet::new();
    for _ in 0..30 {
        both.insert(seen(&stand, operation, patience("well")).await);
    }
    let expected = BTreeSet::from(["503".to_owned(), "well".to_owned()]);
    assert_eq!(both, expected, "{rate}");
    stand.simulator.stop().await;
}

#[tokio::test]
async fn each_fault_strikes_each_operation_and_no_other() {
    let operations = Operation::ALL;
    let others = operations.iter().cycle().skip(1);
    let each = operations
        .iter()
        .zip(others)
        .map(|(operation, another)| each_fault_of(*operation, *another));
    futures::future::join_all(each).await;
}
