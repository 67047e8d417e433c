//! KOS and the AP are asked at their configured addresses; redirects are not followed.

use super::{limits, line, plan, unbreakable};
use axum::{Router, body::Bytes, extract::State, http::Uri, response::Redirect};
use server::{
    clock::Clock,
    config::{KosConfig, MvnoConfig},
    ids::Ids,
    kos::KosClient,
    mvno::{MvnoClient, OutgoingEvent},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// The requests of a server, as path and body.
type Asked = Arc<Mutex<Vec<(String, Bytes)>>>;

#[derive(Clone, Default)]
struct Stub {
    asked: Asked,
    /// The target of its redirects; `None`: it answers with an empty body.
    to: Option<String>,
}

impl Stub {
    async fn start(to: Option<String>) -> (String, Asked) {
        let stub = Self {
            to,
            ..Self::default()
        };
        let asked = stub.asked.clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(stub);
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, asked)
    }
}

/// 307: with the same method and the same body.
async fn answer(State(stub): State<Stub>, uri: Uri, body: Bytes) -> Result<&'static str, Redirect> {
    stub.asked.lock().unwrap().push((uri.to_string(), body));
    match stub.to {
        Some(to) => Err(Redirect::temporary(&format!("{to}{uri}"))),
        None => Ok("{}"),
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (elsewhere, seen) = Stub::start(None).await;
    let (url, asked) = Stub::start(Some(elsewhere)).await;
    let clock = Clock::manual(0);
    let ids = Ids::seeded(7, clock.clone());
    let config = KosConfig {
        url: url.clone(),
        ..limits()
    };
    let kos = KosClient::new(&config, &unbreakable(), clock.clone(), ids).unwrap();
    let number = line("01012345678");
    let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
    let change = kos.change("req-0001", &number, &from, &to, &|| true);
    change.await.unwrap_err();
    assert_eq!(asked.lock().unwrap().len(), 1, "a change is sent once");
    kos.change_status("req-0001").await.unwrap_err();
    kos.catalogue("req-0002").await.unwrap_err();
    kos.line("req-0003", &number).await.unwrap_err();
    let month = "2026-11".parse().unwrap();
    kos.bill("req-0004", &number, month).await.unwrap_err();
    let ap = MvnoConfig {
        url,
        signing_secret: "a-secret-of-the-two".into(),
        timeout: Duration::from_secs(10),
        places: 2,
        first_retry: Duration::from_secs(1),
        longest_retry: Duration::from_secs(300),
    };
    let event = OutgoingEvent {
        event_id: "event-1".into(),
        kind: "BILL_INQUIRY".into(),
        body: "{}".into(),
    };
    let delivered = MvnoClient::new(&ap, clock).unwrap();
    delivered.deliver(&event).await.unwrap_err();
    assert_eq!(asked.lock().unwrap().len(), 6);
    let seen: Vec<_> = std::mem::take(&mut *seen.lock().unwrap());
    assert!(seen.is_empty(), "{seen:?}");
}
