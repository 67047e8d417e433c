//! The fault proxy in front of an echo server and of the simulator.

use crate::support::extended;
use serde_json::json;
use simulator::fault_proxy::{Direction, Ending, FaultProxy, MessageCut, Protocol, Weather};
use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Long enough for anything that should happen.
const SOON: Duration = Duration::from_secs(10);
/// Long enough to conclude that something does not happen.
const A_WHILE: Duration = Duration::from_millis(100);

/// A server that echoes and counts bytes.
struct Echo {
    addr: SocketAddr,
    received: Arc<AtomicUsize>,
}

async fn echo() -> Echo {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let received = Arc::new(AtomicUsize::new(0));
    let count = received.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = count.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 1024];
                while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                    count.fetch_add(length, Ordering::SeqCst);
                    if stream.write_all(&buffer[..length]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    Echo { addr, received }
}

impl Echo {
    async fn has_received(&self, bytes: usize) {
        let deadline = Instant::now() + SOON;
        while self.received.load(Ordering::SeqCst) < bytes {
            assert!(Instant::now() < deadline, "not received");
            tokio::task::yield_now().await;
        }
    }
}

fn proxy(upstream: SocketAddr, protocol: Protocol) -> FaultProxy {
    FaultProxy::start(upstream, protocol, 7).unwrap()
}

async fn connect(proxy: &FaultProxy) -> TcpStream {
    TcpStream::connect(proxy.addr()).await.unwrap()
}

/// Sends and reads; returns what arrived before the connection ended, and how it ended.
async fn exchange(stream: &mut TcpStream, bytes: &[u8]) -> (Vec<u8>, Option<ErrorKind>) {
    stream.write_all(bytes).await.unwrap();
    let mut arrived = vec![0; bytes.len()];
    let mut length = 0;
    while length < bytes.len() {
        let read = timeout(SOON, stream.read(&mut arrived[length..])).await;
        match read.expect("an answer or an end") {
            Ok(0) => return (arrived[..length].to_vec(), Some(ErrorKind::UnexpectedEof)),
            Ok(more) => length += more,
            Err(error) => return (arrived[..length].to_vec(), Some(error.kind())),
        }
    }
    (arrived, None)
}

#[tokio::test]
async fn without_faults_everything_comes_through_and_both_ends_close() {
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Opaque);
    let mut stream = connect(&proxy).await;
    let bytes = vec![b'x'; 100_000];
    let (mut read, mut write) = stream.split();
    let mut back = vec![0; bytes.len()];
    let (sent, got) = tokio::join!(write.write_all(&bytes), read.read_exact(&mut back));
    sent.unwrap();
    got.unwrap();
    assert_eq!(back, bytes);
    stream.shutdown().await.unwrap();
    assert_eq!(stream.read(&mut back).await.unwrap(), 0);
    assert_eq!((proxy.accepted(), proxy.cuts()), (1, 0));
}

#[tokio::test]
async fn latency_slices_and_bandwidth_take_their_time() {
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Opaque);
    let mut stream = connect(&proxy).await;
    let late = Duration::from_millis(40);
    for weather in [
        Weather::slow(late, Duration::from_millis(5)),
        Weather {
            bandwidth: Some(100),
            ..Weather::default()
        },
        Weather {
            slice: Some(1),
            ..Weather::slow(late / 4, Duration::ZERO)
        },
    ] {
        proxy.set_weather(Direction::ToClient, weather);
        let begun = Instant::now();
        assert_eq!(
            exchange(&mut stream, b"four").await,
            (b"four".to_vec(), None)
        );
        assert!(begun.elapsed() >= late, "{weather:?}");
    }
}

#[tokio::test]
async fn a_hole_holds_back_one_direction_and_gives_it_up_later() {
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Opaque);
    let mut stream = connect(&proxy).await;
    proxy.set_weather(Direction::ToClient, Weather::hole());
    stream.write_all(b"one").await.unwrap();
    echo.has_received(3).await;
    let mut back = [0; 3];
    assert!(
        timeout(A_WHILE, stream.read_exact(&mut back))
            .await
            .is_err()
    );

    proxy.set_weather(Direction::ToUpstream, Weather::hole());
    stream.write_all(b"two").await.unwrap();
    proxy.set_weather(Direction::ToClient, Weather::default());
    timeout(SOON, stream.read_exact(&mut back))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&back, b"one");
    assert_eq!(echo.received.load(Ordering::SeqCst), 3);

    proxy.calm();
    timeout(SOON, stream.read_exact(&mut back))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&back, b"two");
}

#[tokio::test]
async fn a_connection_ends_after_so_many_bytes_in_the_way_asked_for() {
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Opaque);
    for (ending, seen) in [
        (Ending::Close, ErrorKind::UnexpectedEof),
        (Ending::Reset, ErrorKind::ConnectionReset),
    ] {
        proxy.set_weather(Direction::ToUpstream, Weather::cut_after(5, ending));
        let mut stream = connect(&proxy).await;
        let before = echo.received.load(Ordering::SeqCst);
        assert_eq!(exchange(&mut stream, b"abc").await, (b"abc".to_vec(), None));
        let (_, ended) = exchange(&mut stream, b"defghi").await;
        assert_eq!(ended, Some(seen));
        if ending == Ending::Close {
            echo.has_received(before + 5).await;
        }
    }
    assert_eq!(proxy.cuts(), 2);
}

#[tokio::test]
async fn refusing_and_cutting_end_when_told() {
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Opaque);
    let mut stream = connect(&proxy).await;
    exchange(&mut stream, b"up").await;
    for _ in 0..3 {
        proxy.refuse(true);
        let deadline = Instant::now() + SOON;
        while let Ok(_connected) = TcpStream::connect(proxy.addr()).await {
            assert!(Instant::now() < deadline, "still accepting");
        }
        let refused = TcpStream::connect(proxy.addr()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        // Open connections stay open.
        assert_eq!(exchange(&mut stream, b"up").await.1, None);
        proxy.calm();
        while TcpStream::connect(proxy.addr()).await.is_err() {
            assert!(Instant::now() < deadline, "still refusing");
        }
    }
    proxy.cut_all(Ending::Reset);
    let error = timeout(SOON, stream.read_u8()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_change_is_delivered_and_its_answer_lost() {
    let stand = extended().await;
    let kos: SocketAddr = stand.simulator.kos_url().unwrap()[7..].parse().unwrap();
    let proxy = proxy(kos, Protocol::Opaque);
    let url = format!("{}/api/v1/kos/product/change", proxy.url());
    let change = |id: &str| {
        stand.client.post(&url).json(&json!({
            "lineNumber": "01012345678", "currentProductCode": "LTE-BASIC-001",
            "targetProductCode": "5G-STANDARD-001", "requestId": id,
        }))
    };
    proxy.lose_answers(1);
    assert!(change("lost").send().await.is_err());
    assert!(
        change("answered")
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let ledger = stand.simulator.ledger();
    let attempts: Vec<_> = ledger.change_attempts().unwrap();
    let ids: Vec<_> = attempts
        .iter()
        .filter_map(|one| one.request_id.as_deref())
        .collect();
    assert_eq!(ids, ["lost", "answered"]);
    assert_eq!(proxy.cuts(), 1);
}

#[tokio::test]
async fn a_connection_is_cut_right_behind_a_message_or_right_before_it() {
    const PING: &[u8] = b"*1\r\n$4\r\nPING\r\n";
    const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";
    let echo = echo().await;
    let proxy = proxy(echo.addr, Protocol::Redis);
    for (delivered, arrived) in [(true, PING.len() + EXEC.len()), (false, PING.len())] {
        let mut stream = connect(&proxy).await;
        let before = echo.received.load(Ordering::SeqCst);
        proxy.cut_at(MessageCut {
            delivered,
            nth: 2,
            ..MessageCut::lose("exec")
        });
        assert_eq!(
            exchange(&mut stream, EXEC).await.1,
            None,
            "the first is none"
        );
        let both = [PING, EXEC, PING].concat();
        let (_, ended) = exchange(&mut stream, &both).await;
        assert_eq!(ended, Some(ErrorKind::ConnectionReset));
        if delivered {
            echo.has_received(before + EXEC.len() + arrived).await;
        }
        let received = echo.received.load(Ordering::SeqCst) - before - EXEC.len();
        assert!(received <= arrived, "{received} of at most {arrived}");
        let mut next = connect(&proxy).await;
        assert_eq!(exchange(&mut next, EXEC).await.1, None, "once only");
    }
}
