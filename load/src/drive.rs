//! Asking: without pause, or by a plan of arrivals.

use crate::{connection::Connection, latency::Latencies, process};
use anyhow::Result;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::Serialize;
use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};

/// Makes the n-th request.
pub type Requests = Rc<dyn Fn(u64) -> Rc<[u8]>>;

/// Whom to ask, how, for how long.
#[derive(Clone)]
pub struct Drive {
    pub addr: SocketAddr,
    pub pid: u32,
    pub connections: usize,
    pub seconds: f64,
    /// Arrivals a second; `None`: each connection asks again as soon as it is answered.
    pub rate: Option<f64>,
    pub requests: Requests,
}

/// What came of it.
#[derive(Default, Serialize)]
pub struct Outcome {
    pub answered: u64,
    /// Neither 2xx nor 303.
    pub failed: u64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Processor time of the server for each answer; microseconds.
    pub cpu_us: f64,
    /// Of the answers that say where they come from: from the cache, and in all.
    pub hits: u64,
    pub inquiries: u64,
}

#[derive(Default)]
struct Tally {
    latencies: Latencies,
    answered: u64,
    failed: u64,
    hits: u64,
    inquiries: u64,
}

impl Drive {
    /// # Errors
    /// When nothing can be reached at all.
    pub async fn run(self) -> Result<Outcome> {
        let tally = Rc::new(RefCell::new(Tally::default()));
        let (cpu, started) = (process::cpu(self.pid)?, Instant::now());
        let local = tokio::task::LocalSet::new();
        local
            .run_until(async {
                match self.rate {
                    Some(rate) => self.arrivals(rate, &tally).await,
                    None => self.without_pause(&tally).await,
                }
            })
            .await;
        let (took, cpu) = (started.elapsed(), process::cpu(self.pid)? - cpu);
        let mut tally = tally.take();
        let answered = tally.answered.max(1) as f64;
        Ok(Outcome {
            answered: tally.answered,
            failed: tally.failed,
            per_second: tally.answered as f64 / took.as_secs_f64(),
            p50_ms: tally.latencies.percentile(50.0),
            p99_ms: tally.latencies.percentile(99.0),
            cpu_us: cpu.as_secs_f64() * 1e6 / answered,
            hits: tally.hits,
            inquiries: tally.inquiries,
        })
    }

    async fn without_pause(&self, tally: &Rc<RefCell<Tally>>) {
        let until = Instant::now() + Duration::from_secs_f64(self.seconds);
        let next = Rc::new(RefCell::new(0));
        let mut running = JoinSet::new();
        for _ in 0..self.connections {
            let (drive, tally, next) = (self.clone(), tally.clone(), next.clone());
            running.spawn_local(async move {
                let mut connection = Connection::to(drive.addr);
                while Instant::now() < until {
                    let number = next.replace_with(|number| *number + 1);
                    let request = (drive.requests)(number);
                    let asked = Instant::now();
                    ask(&mut connection, &request, asked, &tally).await;
                }
            });
        }
        while running.join_next().await.is_some() {}
    }

    async fn arrivals(&self, rate: f64, tally: &Rc<RefCell<Tally>>) {
        let (arrive, arrived) = mpsc::unbounded_channel();
        let arrived = Arc::new(Mutex::new(arrived));
        let seconds = self.seconds;
        let pacer = std::thread::spawn(move || pace(rate, seconds, &arrive));
        let mut running = JoinSet::new();
        for _ in 0..self.connections {
            let (drive, tally, arrived) = (self.clone(), tally.clone(), arrived.clone());
            running.spawn_local(async move {
                let mut connection = Connection::to(drive.addr);
                loop {
                    let next = arrived.lock().await.recv().await;
                    let Some((number, planned)) = next else {
                        return;
                    };
                    let request = (drive.requests)(number);
                    ask(&mut connection, &request, planned, &tally).await;
                }
            });
        }
        while running.join_next().await.is_some() {}
        if pacer.join().is_err() {
            eprintln!("the pacer panicked");
        }
    }
}

/// Customers do not know of each other: arrivals are a Poisson process, the same in every run.
fn pace(rate: f64, seconds: f64, arrive: &mpsc::UnboundedSender<(u64, Instant)>) {
    let mut random = StdRng::seed_from_u64(7);
    let (started, mut at) = (Instant::now(), 0.0);
    for number in 0.. {
        at += -(1.0 - random.random::<f64>()).ln() / rate;
        if at > seconds {
            return;
        }
        let planned = started + Duration::from_secs_f64(at);
        std::thread::sleep(planned.saturating_duration_since(Instant::now()));
        if arrive.send((number, planned)).is_err() {
            return;
        }
    }
}

async fn ask(
    connection: &mut Connection,
    request: &[u8],
    since: Instant,
    tally: &Rc<RefCell<Tally>>,
) {
    let reply = connection.exchange(request).await;
    let took = since.elapsed();
    let mut tally = tally.borrow_mut();
    match reply {
        Ok(reply) if matches!(reply.status, 200..=299 | 303) => {
            tally.answered += 1;
            tally.latencies.add(took);
            let source = crate::connection::find(&reply.body, b"\"source\":\"");
            if let Some(at) = source {
                tally.inquiries += 1;
                let cached = reply.body[at..].starts_with(b"\"source\":\"CACHE\"");
                tally.hits += u64::from(cached);
            }
        }
        Ok(reply) => {
            if tally.failed == 0 {
                let said = String::from_utf8_lossy(&reply.body).into_owned();
                eprintln!("{}: {said}", reply.status);
            }
            tally.failed += 1;
        }
        Err(error) => {
            if tally.failed == 0 {
                eprintln!("{error:#}");
            }
            tally.failed += 1;
        }
    }
}
