//! One id from the request to the trace: the real binary with a fake collector. Spans do not depend on
//! the database, so it is the embedded one.

use crate::support::{client::Client, process::Process, wait::until};
use axum::{Router, body::Bytes, extract::State, routing::post};
use http::HeaderMap;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::net::TcpListener;

const REQUEST_ID: &str = "trace-me-0001";

/// The bytes that a collector received.
type Spans = Arc<Mutex<Vec<u8>>>;

/// A collector that keeps the bytes it receives; text stands in them as it is.
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

/// The binary, sending its spans to the collector at `endpoint`.
fn product(data: &TempDir, endpoint: &str, kos: Option<&str>) -> (Process, Client) {
    let mut settings = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ];
    settings.extend(kos.map(|url| ("KOS_URL", url)));
    let product = Process::serve(data, &settings);
    let client = Client::new(&product.origin);
    (product, client)
}

#[tokio::test]
async fn a_request_is_a_span_with_its_id_and_its_route() {
    let (endpoint, spans) = collector().await;
    let data = tempfile::tempdir().unwrap();
    let (_product, client) = product(&data, &endpoint, None);
    let answer = client
        .send("GET", "/login", &[("x-request-id", REQUEST_ID)], Vec::new())
        .await;
    assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    until("the span arrives", || async {
        holds(&spans, REQUEST_ID.as_bytes())
    })
    .await;
    assert!(holds(&spans, b"http.route") && holds(&spans, b"/login"));
}

/// A KOS that answers nonsense and keeps the `traceparent` of each call.
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
    let (_product, client) = product(&data, &endpoint, Some(&kos_url));
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
    // The collector receives the same trace, and the span that is the call's parent.
    for id in [trace, span] {
        let id = hex::decode(id).unwrap();
        until("the span arrives", || async { holds(&spans, &id) }).await;
    }
}
