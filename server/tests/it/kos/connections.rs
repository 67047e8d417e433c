//! Connections to KOS: their reuse, and their number.

use super::{limits, line, plan, unbreakable};
use crate::support::wait::until;
use axum::{Router, extract::ConnectInfo};
use futures::future::{join, join_all};
use server::{
    clock::Clock,
    config::{KosConfig, Layers},
    ids::Ids,
    kos::KosClient,
};
use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// A server that answers anything and records the peers.
struct Listener {
    url: String,
    peers: Arc<Mutex<HashSet<SocketAddr>>>,
    server: AbortHandle,
}

impl Listener {
    async fn start() -> Self {
        let peers = Arc::new(Mutex::new(HashSet::new()));
        let noted = peers.clone();
        let app = Router::new().fallback(move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
            noted.lock().unwrap().insert(peer);
            async { "{}" }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            url,
            peers,
            server: server.abort_handle(),
        }
    }

    fn connections(&self) -> usize {
        self.peers.lock().unwrap().len()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn client(listener: &Listener) -> KosClient {
    let url = listener.url.clone();
    client_of(KosConfig { url, ..limits() })
}

fn client_of(config: KosConfig) -> KosClient {
    let clock = Clock::manual(0);
    let ids = Ids::seeded(7, clock.clone());
    KosClient::new(&config, &unbreakable(), clock, ids).unwrap()
}

/// On a kept connection that has died, the HTTP library may resend by itself.
#[tokio::test]
async fn each_change_has_a_connection_of_its_own() {
    let listener = Listener::start().await;
    let kos = client(&listener);
    let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
    for _ in 0..3 {
        let line = line("01012345678");
        let unclear = kos.change("req-0001", &line, &from, &to, &|| true);
        assert!(unclear.await.is_err());
    }
    assert_eq!(listener.connections(), 3);
}

#[tokio::test]
async fn inquiries_keep_their_connection() {
    let listener = Listener::start().await;
    let kos = client(&listener);
    for _ in 0..3 {
        assert!(kos.catalogue("req-0001").await.is_err());
    }
    assert_eq!(listener.connections(), 1);
}

/// A server that holds all answers until released, and counts its connections.
#[derive(Clone)]
struct Door {
    open: watch::Sender<bool>,
    connected: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    heard: Arc<AtomicUsize>,
}

impl Door {
    fn before(listener: TcpListener) -> Self {
        let door = Self {
            open: watch::Sender::new(false),
            connected: Arc::default(),
            most: Arc::default(),
            heard: Arc::default(),
        };
        let of_callers = door.clone();
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let door = of_callers.clone();
                let connected = door.connected.fetch_add(1, Ordering::SeqCst) + 1;
                door.most.fetch_max(connected, Ordering::SeqCst);
                tokio::spawn(async move {
                    door.speak(caller).await;
                    door.connected.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        door
    }

    /// Serves until the caller hangs up. Requests are short and arrive in one read.
    async fn speak(&self, mut caller: TcpStream) {
        let mut open = self.open.subscribe();
        let mut question = [0; 4_096];
        while let Ok(1..) = caller.read(&mut question).await {
            self.heard.fetch_add(1, Ordering::SeqCst);
            let opened = open.wait_for(|open| *open).await.is_ok();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            if !opened || caller.write_all(answer).await.is_err() {
                return;
            }
        }
    }
}

/// Fills every place five times, each time answered all at once; returns once no more connections are
/// open than the living client may keep.
async fn busy(kos: KosConfig) -> (Door, KosClient) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let door = Door::before(listener);
    let (changes, kept) = (kos.change_places, kos.spare_connections() / 2);
    let places = kos.inquiry_places + changes;
    let client = client_of(KosConfig { url, ..kos });
    let number = line("01012345678");
    let (from, to) = (plan("5G-STANDARD-001"), plan("LTE-BASIC-001"));
    for _ in 0..5 {
        door.open.send_replace(false);
        door.heard.store(0, Ordering::SeqCst);
        let inquiries = join_all((0..200).map(|_| client.catalogue("req-0001")));
        let change = |_| client.change("req-0002", &number, &from, &to, &|| true);
        // Connections of changes close one by one: more changes would meet some that are just closing.
        let changes = join_all((0..changes).map(change));
        let opening = async {
            until("every place is taken", async || {
                door.heard.load(Ordering::SeqCst) >= places
            })
            .await;
            door.open.send_replace(true);
        };
        join(join(inquiries, changes), opening).await;
        until("no more are left than are kept", async || {
            door.connected.load(Ordering::SeqCst) <= kept
        })
        .await;
    }
    (door, client)
}

#[tokio::test]
async fn a_busy_kos_is_held_by_no_more_connections_than_are_allowed() {
    let shipped = Layers::default().finish().unwrap().kos;
    let allowed = shipped.max_connections;
    let places = shipped.inquiry_places + shipped.change_places;
    let (door, _client) = busy(shipped.clone()).await;
    let most = door.most.load(Ordering::SeqCst);
    assert!((places..=allowed).contains(&most), "{most} were connected");
    // The planted fault: a client with more places that may keep all connections is noticed.
    let roomy = KosConfig {
        inquiry_places: 100,
        max_connections: 400,
        ..shipped
    };
    let (door, _client) = busy(roomy).await;
    assert!(door.most.load(Ordering::SeqCst) > allowed);
    assert!(door.connected.load(Ordering::SeqCst) > allowed);
}
