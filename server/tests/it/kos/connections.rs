//! Which connections calls go over.

use super::{limits, line, plan, unbreakable};
use axum::{Router, extract::ConnectInfo};
use server::{clock::Clock, config::KosConfig, ids::Ids, kos::KosClient};
use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, task::AbortHandle};

/// A server that answers anything and notes where from it was asked.
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
    let clock = Clock::manual(0);
    let ids = Ids::seeded(7, clock.clone());
    let config = KosConfig { url, ..limits() };
    KosClient::new(&config, &unbreakable(), clock, ids).unwrap()
}

/// On a kept connection that died meanwhile the HTTP library may send again by itself.
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
