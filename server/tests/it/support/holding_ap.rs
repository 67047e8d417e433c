//! An AP server that holds every delivery until the test lets it go, and counts how many it holds at once.

use super::wait::until;
use axum::{Router, extract::State};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};
use tokio::{net::TcpListener, sync::Semaphore};

/// Accepts any delivery; signatures are not under test.
pub struct HoldingAp {
    pub url: String,
    deliveries: Arc<Deliveries>,
}

struct Deliveries {
    held: AtomicUsize,
    most: AtomicUsize,
    accepted: AtomicUsize,
    let_go: Semaphore,
}

/// Counts it as over before it is answered, so that the next one cannot seem to be beside it.
async fn hold(State(deliveries): State<Arc<Deliveries>>) {
    let held = deliveries.held.fetch_add(1, SeqCst) + 1;
    deliveries.most.fetch_max(held, SeqCst);
    deliveries.let_go.acquire().await.unwrap().forget();
    deliveries.held.fetch_sub(1, SeqCst);
    deliveries.accepted.fetch_add(1, SeqCst);
}

impl HoldingAp {
    pub async fn start() -> Self {
        let deliveries = Arc::new(Deliveries {
            held: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
            let_go: Semaphore::new(0),
        });
        let router = Router::new().fallback(hold).with_state(deliveries.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, deliveries }
    }

    /// Lets `count` deliveries go, one after the other, each only when as many are held as there are `places`
    /// for, or all that are left. Returns the most that were held at once.
    pub async fn accept_one_by_one(&self, count: usize, places: usize) -> usize {
        let deliveries = &self.deliveries;
        for accepted in 0..count {
            let expected = places.min(count - accepted);
            until("the places are taken", || async {
                deliveries.held.load(SeqCst) >= expected
            })
            .await;
            deliveries.let_go.add_permits(1);
            until("one is accepted", || async {
                deliveries.accepted.load(SeqCst) > accepted
            })
            .await;
        }
        deliveries.most.load(SeqCst)
    }
}
