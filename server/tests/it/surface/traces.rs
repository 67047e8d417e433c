//! One id from the request to the trace: the real binary with a collector of ours. Which database it
//! uses makes no difference to a span, so it is the embedded one.

use crate::support::{client::Client, wait::until};
use axum::{Router, body::Bytes, extract::State, routing::post};
use http::HeaderMap;
use serde_json::json;
use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

const REQUEST_ID: &str = "trace-me-0001";

/// What a collector was sent.
type Spans = Arc<Mutex<Vec<u8>>>;

/// A collector that keeps the bytes it is sent; texts stand in them as they are.
async fn collector() -> (String, Spans) {
    let spans = Spans::default();
    let keep = |State(spans): State<Spans>, body: Bytes| async move {
        spans.lock().unwrap().extend_from_slice(&body);
    };
    let router = Router::new()
        .route("/v1/traces", post(keep))
        .with_state(spans.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, spans)
}

fn holds(spans: &Spans, bytes: &[u8]) -> bool {
    let spans = spans.lock().unwrap();
    spans.windows(bytes.len()).any(|window| window == bytes)
}

/// The binary, telling the collector at `endpoint`.
async fn product(data: &TempDir, endpoint: &str, kos: Option<&str>) -> (Child, Client) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phonebill"));
    command
        .arg("serve")
        .env_clear()
        .env("PHONEBILL_DATA_DIR", data.path())
        .env("PHONEBILL_HTTP_ADDR", "127.0.0.1:0")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .envs(kos.map(|url| ("KOS_URL", url)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut product = command.spawn().unwrap();
    let mut lines = BufReader::new(product.stdout.take().unwrap()).lines();
    let ready = lines.next_line().await.unwrap().unwrap();
    let origin = ready.strip_prefix("phonebill is ready at ").unwrap();
    (product, Client::new(origin))
}

#[tokio::test]
async fn a_request_is_a_span_with_its_id_and_its_route() {
    let (endpoint, spans) = collector().await;
    let data = tempfile::tempdir().unwrap();
    let (mut product, client) = product(&data, &endpoint, None).await;
    let answer = client
        .send("GET", "/login", &[("x-request-id", REQUEST_ID)], Vec::new())
        .await;
    assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    until("the span arrives", || async {
        holds(&spans, REQUEST_ID.as_bytes())
    })
    .await;
    assert!(holds(&spans, b"http.route") && holds(&spans, b"/login"));
    product.kill().await.unwrap();
}

/// A KOS that understands nothing and keeps the `traceparent` of each call.
async fn kos() -> (String, Arc<Mutex<Vec<String>>>) {
    let parents = Arc::new(Mutex::new(Vec::new()));
    let seen = parents.clone();
    let router = Router::new().fallback(move |headers: HeaderMap| {
        let parent = headers.get("traceparent");
        let parent = parent.map_or("none", |value| value.to_str().unwrap());
        seen.lock().unwrap().push(parent.to_owned());
        async { "{}" }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, parents)
}

#[tokio::test]
async fn kos_is_told_the_trace_that_its_call_belongs_to() {
    let ((endpoint, spans), (kos_url, parents)) = (collector().await, kos().await);
    let data = tempfile::tempdir().unwrap();
    let (mut product, client) = product(&data, &endpoint, Some(&kos_url)).await;
    let body = json!({"userId": "demo01", "password": "Demo-pass-2026"});
    let login = client.post_json("/api/v1/auth/login", body).await.json();
    let customer = client.bearer(login["accessToken"].as_str().unwrap());
    customer.post_json("/api/v1/bill/inquiry", json!({})).await;
    let parent = parents.lock().unwrap().first().cloned().unwrap();
    let parts: Vec<_> = parent.split('-').collect();
    let [version, trace, span, flags] = parts[..] else {
        panic!("{parent}")
    };
    assert_eq!(
        (version, trace.len(), span.len(), flags),
        ("00", 32, 16, "01")
    );
    // The collector is told of the same trace, and of the span that the call is a child of.
    for id in [trace, span] {
        let id = hex::decode(id).unwrap();
        until("the span arrives", || async { holds(&spans, &id) }).await;
    }
    product.kill().await.unwrap();
}
