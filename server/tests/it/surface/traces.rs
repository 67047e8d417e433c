//! One id from the request to the trace: the real binary with a collector of ours. Which database it
//! uses makes no difference to a span, so it is the embedded one.

use crate::support::{client::Client, wait::until};
use axum::{Router, body::Bytes, extract::State, routing::post};
use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::Command,
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

fn holds(spans: &Spans, text: &str) -> bool {
    let spans = spans.lock().unwrap();
    spans
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_request_is_a_span_with_its_id_and_its_route() {
    let (endpoint, spans) = collector().await;
    let data = tempfile::tempdir().unwrap();
    let mut product = Command::new(env!("CARGO_BIN_EXE_phonebill"))
        .arg("serve")
        .env_clear()
        .env("PHONEBILL_DATA_DIR", data.path())
        .env("PHONEBILL_HTTP_ADDR", "127.0.0.1:0")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(product.stdout.take().unwrap()).lines();
    let ready = lines.next_line().await.unwrap().unwrap();
    let origin = ready.strip_prefix("phonebill is ready at ").unwrap();
    let client = Client::new(origin);
    let answer = client
        .send("GET", "/login", &[("x-request-id", REQUEST_ID)], Vec::new())
        .await;
    assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    until("the span arrives", || async { holds(&spans, REQUEST_ID) }).await;
    assert!(holds(&spans, "http.route") && holds(&spans, "/login"));
    product.kill().await.unwrap();
}
