//! Bodies that are announced and do not come: they hold no place of those who are answered.

use crate::support::gateway::TestGateway;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Time limit of a step, for a busy machine.
const HANGS: Duration = Duration::from_secs(10);

/// Sends the head of a request and no body; returns the connection and the first line of what comes: `100
/// Continue` as soon as the server waits for the body.
async fn announce_a_body(gateway: &TestGateway, path: &str) -> (TcpStream, String) {
    let address = gateway.origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer demo01\r\n\
         Content-Type: application/json\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(HANGS, stream.read_buf(&mut answer)).await;
    read.unwrap_or_else(|_| panic!("the server says nothing"))
        .unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let line = answer.lines().next().unwrap_or_default().to_owned();
    (stream, line)
}

#[tokio::test]
async fn bodies_that_do_not_come_keep_nobody_out() {
    let settings = [("PHONEBILL__HTTP__MAX_IN_FLIGHT", "4")];
    let gateway = TestGateway::with(&settings).await;
    let mut held = Vec::new();
    for path in [
        "/api/v1/auth/login",
        "/api/v1/bill/inquiry",
        "/login",
        "/rpc/bill/menu",
    ] {
        let (stream, line) = announce_a_body(&gateway, path).await;
        assert_eq!(line, "HTTP/1.1 100 Continue", "{path}");
        held.push(stream);
    }
    assert_eq!(gateway.browser().get("/login").await.status, 200);
    let program = gateway.program("demo01");
    let fifth = program.post_json("/api/v1/bill/inquiry", serde_json::json!({}));
    assert_eq!(fifth.await.problem(), (404, "BILL_NOT_FOUND".to_owned()));
    // What comes in the end is answered.
    for mut stream in held {
        stream.write_all(b"{\"line\": 1}").await.unwrap();
        let mut answer = Vec::new();
        let read = timeout(HANGS, stream.read_buf(&mut answer)).await;
        read.unwrap().unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 "));
    }
}

#[tokio::test]
async fn beyond_the_cap_no_body_is_waited_for() {
    let settings = [("PHONEBILL__HTTP__MAX_IN_FLIGHT", "1")];
    let gateway = TestGateway::with(&settings).await;
    let slow = gateway.program("demo01");
    let mut held = Box::pin(slow.get("/api/v1/bill/menu?lineId=slow"));
    let shed = async {
        loop {
            let (_stream, line) = announce_a_body(&gateway, "/api/v1/bill/inquiry").await;
            if line != "HTTP/1.1 100 Continue" {
                break line;
            }
        }
    };
    let line = tokio::select! {
        line = shed => line,
        _ = &mut held => unreachable!("it never answers by itself"),
    };
    assert_eq!(line, "HTTP/1.1 503 Service Unavailable");
}
