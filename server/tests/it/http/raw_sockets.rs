//! Requests no HTTP client sends: slow, too long, cut off, of ambiguous length.

use crate::support::{gateway::TestGateway, wait::until};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Time limit of a step, for a busy machine.
const HANGS: Duration = Duration::from_secs(10);
const QUICK: &[(&str, &str)] = &[("PHONEBILL__HTTP__READ_TIMEOUT_MS", "200")];

async fn connect(gateway: &TestGateway) -> TcpStream {
    let address = gateway.origin.trim_start_matches("http://");
    TcpStream::connect(address).await.unwrap()
}

/// Reads until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(HANGS, stream.read_to_end(&mut answer)).await;
    // A reset after the answer also counts as its end.
    let _ = read.unwrap_or_else(|_| panic!("the server neither answered nor closed"));
    String::from_utf8_lossy(&answer).into_owned()
}

async fn say(gateway: &TestGateway, bytes: &[u8]) -> String {
    let mut stream = connect(gateway).await;
    let _ = stream.write_all(bytes).await;
    rest(&mut stream).await
}

#[tokio::test]
async fn who_drips_a_head_is_cut_off() {
    let gateway = TestGateway::with(QUICK).await;
    let mut silent = connect(&gateway).await;
    silent
        .write_all(b"GET /login HTTP/1.1\r\nHost: a\r\nX-A: ")
        .await
        .unwrap();
    assert_eq!(rest(&mut silent).await, "");
    let mut dripping = connect(&gateway).await;
    let dripped = timeout(HANGS, async {
        dripping
            .write_all(b"GET /login HTTP/1.1\r\nHost: a\r\n")
            .await
            .unwrap();
        while dripping.write_all(b"X-A: b\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(dripped.await.is_ok(), "a head may drip for ever");
}

#[tokio::test]
async fn who_drips_a_body_is_told_so() {
    let gateway = TestGateway::with(QUICK).await;
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                Content-Length: 10\r\n\r\n{";
    let answer = say(&gateway, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[tokio::test]
async fn too_long_a_head_is_refused_in_our_words() {
    let gateway = TestGateway::with(QUICK).await;
    let get = |target: &str, fields: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: a\r\n{fields}Connection: close\r\n\r\n")
            .into_bytes()
    };
    let uri = say(
        &gateway,
        &get(&format!("/login?next={}", "a".repeat(4_100)), ""),
    )
    .await;
    assert!(uri.starts_with("HTTP/1.1 414 "), "{uri}");
    assert!(
        uri.contains("URI_TOO_LONG") && uri.contains("x-request-id"),
        "{uri}"
    );
    let fields = format!("Cookie: {}\r\n", "a".repeat(17 << 10));
    let header = say(&gateway, &get("/login", &fields)).await;
    assert!(header.starts_with("HTTP/1.1 431 "), "{header}");
    assert!(header.contains("HEADER_TOO_LARGE"), "{header}");
    // A head beyond what is read at all gets no problem document, but still an answer.
    let fields = format!("Cookie: {}\r\n", "a".repeat(200 << 10));
    let unread = say(&gateway, &get("/login", &fields)).await;
    assert!(
        unread.is_empty() || unread.starts_with("HTTP/1.1 431 "),
        "{unread}"
    );
    let fields: String = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect();
    let many = say(&gateway, &get("/login", &fields)).await;
    assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
}

/// A request hidden behind one of ambiguous length is never answered: whatever a proxy in front
/// believes, nothing is smuggled.
#[tokio::test]
async fn nothing_is_smuggled_behind_an_ambiguous_length() {
    let gateway = TestGateway::with(QUICK).await;
    let post =
        "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    let hidden = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n";
    for framing in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length: 2, 2\r\n\r\n{}",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ] {
        let answer = say(&gateway, format!("{post}{framing}{hidden}").as_bytes()).await;
        assert!(!answer.contains("HTTP/1.1 200"), "{framing:?}: {answer}");
        assert!(!answer.contains("HTTP/1.1 5"), "{framing:?}: {answer}");
        let answers = answer.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{framing:?}: {answer}");
    }
    // With a plain length both are answered, so the test would notice.
    let plain = format!("{post}Content-Length: 2\r\n\r\n{{}}{hidden}");
    let answer = say(&gateway, plain.as_bytes()).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 2, "{answer}");
}

#[tokio::test]
async fn who_has_said_everything_and_hangs_up_half_is_answered() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__REQUEST_TIMEOUT_MS", "100")]).await;
    for (target, status) in [
        ("/health/live", 200),
        // Also if the answer takes time.
        ("/api/v1/bill/menu?lineId=slow", 503),
    ] {
        let mut stream = connect(&gateway).await;
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer demo01\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{target}: {answer}"
        );
    }
}

#[tokio::test]
async fn beyond_the_bound_connections_wait_their_turn() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__MAX_CONNECTIONS", "1")]).await;
    let first = connect(&gateway).await;
    let mut second = connect(&gateway).await;
    let request = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    second.write_all(request).await.unwrap();
    let mut byte = [0];
    let early = timeout(Duration::from_millis(200), second.read(&mut byte)).await;
    assert!(early.is_err(), "two connections at once");
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200 "));
}

/// A connection with a small buffer on which that many long answers are asked for at once.
async fn ask_for_much(gateway: &TestGateway, answers: usize) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let address = gateway.origin.trim_start_matches("http://");
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let request = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n";
    let requests = request.repeat(answers);
    stream.write_all(requests.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn who_reads_nothing_is_cut_off_and_others_have_the_place() {
    let mut settings = QUICK.to_vec();
    settings.push(("PHONEBILL__HTTP__MAX_CONNECTIONS", "2"));
    settings.push(("PHONEBILL_RATE_LIMITS", "off"));
    let gateway = TestGateway::with(&settings).await;
    let _first = ask_for_much(&gateway, 300).await;
    let _second = ask_for_much(&gateway, 300).await;
    let request = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let live = say(&gateway, request).await;
    assert!(live.starts_with("HTTP/1.1 200 "), "{live}");
}

/// As slow as a bad mobile network, but never silent.
#[tokio::test]
async fn who_reads_slowly_is_served_to_the_end() {
    let settings = [
        ("PHONEBILL__HTTP__READ_TIMEOUT_MS", "500"),
        ("PHONEBILL_RATE_LIMITS", "off"),
    ];
    let gateway = TestGateway::with(&settings).await;
    let mut slow = ask_for_much(&gateway, 300).await;
    let mut piece = vec![0; 16 << 10];
    let mut left = 4 << 20;
    while left > 0 {
        let read = timeout(HANGS, slow.read(&mut piece)).await.unwrap();
        match read {
            Ok(read @ 1..) => left -= read.min(left),
            end => panic!("{end:?} with {left} bytes to come"),
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[tokio::test]
async fn while_draining_every_answer_ends_its_connection() {
    let gateway = TestGateway::start().await;
    let client = gateway.anonymous();
    assert_eq!(client.get("/health/live").await.header("connection"), "");
    gateway.draining.cancel();
    until("the connection is ended", || async {
        client.get("/health/live").await.header("connection") == "close"
    })
    .await;
}

/// Pieces of requests, shuffled, cut and spiked with random bytes.
#[tokio::test]
async fn rubbish_is_refused_and_nothing_hangs() {
    const PIECES: [&[u8]; 14] = [
        b"GET ",
        b"POST ",
        b"/login",
        b"/api/v1/auth/login",
        b" HTTP/1.1\r\n",
        b" HTTP/1.0\r\n",
        b" HTTP/2.0\r\n",
        b"Host: a\r\n",
        b"Content-Length: 4\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"4\r\nabcd\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x00",
    ];
    let gateway = TestGateway::with(QUICK).await;
    let mut rng = StdRng::seed_from_u64(8);
    let mut refused = 0;
    for round in 0..40 {
        let requests: Vec<Vec<u8>> = (0..25)
            .map(|_| {
                let mut bytes = Vec::new();
                for _ in 0..rng.random_range(1..9) {
                    if rng.random_bool(0.2) {
                        bytes.push(rng.random());
                    }
                    bytes.extend_from_slice(PIECES[rng.random_range(0..PIECES.len())]);
                }
                bytes
            })
            .collect();
        let answers = requests.iter().map(|bytes| say(&gateway, bytes));
        for (request, answer) in requests
            .iter()
            .zip(futures::future::join_all(answers).await)
        {
            let request = String::from_utf8_lossy(request);
            assert!(
                !answer.contains("HTTP/1.1 5"),
                "{round} {request:?}: {answer}"
            );
            refused += usize::from(answer.starts_with("HTTP/1.1 4"));
        }
    }
    assert!(refused > 100, "{refused} of 1000 were answered");
}
