//! Every fault: what the caller sees, and what was really done.

use crate::support::{Stand, demo_change, extended, until};
use reqwest::StatusCode;
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Operation, Scope};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PATH: &str = "/product/change";

/// What a caller with a time limit of 400 ms sees of a change.
async fn outcome(stand: &Stand) -> String {
    let request = stand
        .client
        .post(stand.kos(PATH))
        .timeout(Duration::from_millis(400));
    let answer = match request.json(&demo_change("change-1")).send().await {
        Ok(answer) => answer,
        Err(error) if error.is_timeout() => return "time-out".into(),
        Err(_) => return "no answer".into(),
    };
    let status = answer.status();
    match answer.bytes().await {
        Err(error) if error.is_timeout() => "time-out in the body".into(),
        Err(_) => "broken body".into(),
        Ok(body) => match serde_json::from_slice::<Value>(&body) {
            Err(_) => "no JSON".into(),
            Ok(body) if status == StatusCode::OK => body["resultCode"].as_str().unwrap().into(),
            Ok(_) => status.as_str().into(),
        },
    }
}

#[tokio::test]
async fn each_fault_shows_as_it_should_and_applies_what_it_should() {
    for (fault, seen, applied) in [
        ("ok", "0000", 1),
        ("delay:50", "0000", 1),
        ("error_before", "503", 0),
        ("error_before:429", "429", 0),
        ("error_after", "500", 1),
        ("lost_answer", "no answer", 1),
        ("hang", "time-out", 0),
        ("hang_after", "time-out", 1),
        ("reset", "no answer", 0),
        ("half_body", "broken body", 1),
        ("garbage", "no JSON", 1),
        ("slow_drip:50", "time-out in the body", 1),
        ("refuse:2099", "2099", 0),
        ("refuse:8888", "8888", 0),
    ] {
        let stand = extended().await;
        stand
            .simulator
            .faults()
            .set([format!("kos.change={fault}*1").parse().unwrap()]);
        assert_eq!(outcome(&stand).await, seen, "{fault}");
        assert_eq!(stand.orders().len(), applied, "{fault}");
        assert_eq!(
            stand.attempts(),
            1,
            "{fault}: every attempt on the wire is on record"
        );
        stand.simulator.stop().await;
    }
}

#[tokio::test]
async fn an_accepted_change_is_applied_later() {
    let stand = extended().await;
    let rule = "kos.change=accepted:600".parse().unwrap();
    stand.simulator.faults().set([rule]);
    let change = demo_change("change-1");
    let answer = stand.post(PATH, &change).await;
    let told = &answer["data"]["changeInfo"]["changeStatus"];
    assert_eq!(
        (&answer["resultCode"], told),
        (&json!("0000"), &json!("PROCESSING"))
    );
    assert_eq!(stand.orders().len(), 0);
    until("it is applied", || stand.orders().len() == 1).await;
    assert_eq!(stand.attempts(), 1);
}

#[tokio::test]
async fn a_duplicate_delivery_is_applied_twice_unless_k3_ignores_it() {
    for (k3, applied) in [(true, 1), (false, 2)] {
        let capabilities = simulator::Capabilities {
            k3,
            k4: false,
            ..Default::default()
        };
        let rules = ["kos.change=duplicate_delivery"];
        let stand = crate::support::stand(capabilities, None, &rules).await;
        assert_eq!(outcome(&stand).await, "0000", "the first answer is given");
        assert_eq!(stand.orders().len(), applied, "K3 is {k3}");
        assert_eq!(stand.attempts(), 1);
    }
}

/// What the bare socket says after the request: bytes, an ordinary end, or a reset.
async fn socket_end(stand: &Stand) -> io::Result<usize> {
    let url = stand.simulator.kos_url().unwrap();
    let addr = url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(addr).await.unwrap();
    let request = format!("GET /api/v1/kos/product/list HTTP/1.1\r\nHost: {addr}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await
}

#[tokio::test]
async fn a_lost_answer_ends_in_order_and_a_reset_does_not() {
    let stand = extended().await;
    stand
        .simulator
        .faults()
        .set(["kos.list=lost_answer,reset".parse().unwrap()]);
    assert_eq!(socket_end(&stand).await.unwrap(), 0);
    assert_eq!(
        socket_end(&stand).await.unwrap_err().kind(),
        io::ErrorKind::ConnectionReset
    );
}

#[tokio::test]
async fn all_of_kos_can_be_down_while_the_ap_is_up() {
    let stand = extended().await;
    let down = Fault::ErrorBefore(503);
    stand
        .simulator
        .faults()
        .add(FaultRule::always(Scope::Kos, down));
    for path in [
        "/product/list",
        "/bill/available-months/01012345678",
        "/product/change/x",
    ] {
        assert_eq!(
            stand
                .client
                .get(stand.kos(path))
                .send()
                .await
                .unwrap()
                .status(),
            503
        );
    }
    let event = crate::ap::event("e1");
    let delivered = crate::ap::deliver(&stand, &event, crate::support::SECRET).await;
    assert_eq!(delivered.unwrap().0, 200);
    stand.simulator.faults().clear();
    assert_eq!(stand.get("/product/list").await["resultCode"], "0000");
}

#[tokio::test]
async fn stopping_ends_a_hung_call_at_once() {
    let stand = extended().await;
    stand
        .simulator
        .faults()
        .set(["kos.list=hang".parse().unwrap()]);
    let hung = tokio::spawn(stand.client.get(stand.kos("/product/list")).send());
    let journal = stand.simulator.journal().clone();
    until("the call arrived", || journal.calls(Operation::List) == 1).await;
    stand.simulator.stop().await;
    assert!(hung.await.unwrap().is_err());
}

#[tokio::test]
async fn the_control_port_sets_faults_and_shows_what_happened() {
    let stand = extended().await;
    let url = stand.simulator.control_url().unwrap();
    let faults = format!("{url}/control/faults");
    let rules = json!(["kos.change=lost_answer*1", "ap=hang"]);
    let set = stand.client.put(&faults).json(&rules).send().await.unwrap();
    assert_eq!(set.json::<Value>().await.unwrap(), rules);
    assert_eq!(outcome(&stand).await, "no answer");
    let left = stand.client.get(&faults).send().await.unwrap();
    assert_eq!(left.json::<Value>().await.unwrap(), json!(["ap=hang"]));

    let refused = stand
        .client
        .put(&faults)
        .json(&json!(["kos=hung"]))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("not a fault rule"));
    assert_eq!(
        stand.simulator.faults().rules().len(),
        1,
        "a refused list changes nothing"
    );
    assert_eq!(
        stand.client.delete(&faults).send().await.unwrap().status(),
        204
    );
    assert_eq!(stand.simulator.faults().rules(), []);

    let show = async |what: &str| {
        let answer = stand
            .client
            .get(format!("{url}/control/{what}"))
            .send()
            .await
            .unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let ledger = show("ledger").await;
    assert_eq!(ledger["changesApplied"][0]["requestId"], "change-1");
    assert_eq!(ledger["changeAttempts"][0]["fault"], "lost_answer");
    let requests = show("requests").await;
    assert_eq!(requests[0]["operation"], "kos.change");
    assert_eq!(requests[0]["path"], "/api/v1/kos/product/change");
}
