//! Sends requests: without pause, or at planned arrivals.

use crate::{connection::Connection, latency::Latencies, process};
use anyhow::{Result, anyhow};
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

/// Returns the n-th request.
pub type Requests = Rc<dyn Fn(u64) -> Rc<[u8]>>;

/// One run of load: the target, the requests and the duration.
#[derive(Clone)]
pub struct Drive {
    pub addr: SocketAddr,
    pub pid: u32,
    pub connections: usize,
    pub seconds: f64,
    /// Arrivals per second; `None`: each connection sends again as soon as it has its answer.
    pub rate: Option<f64>,
    pub requests: Requests,
}

/// The result of a [`Drive`].
#[derive(Default, Serialize)]
pub struct Outcome {
    pub answered: u64,
    /// Answers other than 2xx and 303, and broken connections.
    pub failed: u64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// CPU time of the server per answer, in microseconds.
    pub cpu_us: f64,
    /// Answers that came from the cache, among `inquiries`.
    pub hits: u64,
    /// Answers that name their source.
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
    /// Runs to the end. A request that fails is counted, not an error.
    ///
    /// # Errors
    /// The CPU time of the process cannot be read, or a task of the run panicked.
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
            .await?;
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

    async fn without_pause(&self, tally: &Rc<RefCell<Tally>>) -> Result<()> {
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
        all(running).await
    }

    async fn arrivals(&self, rate: f64, tally: &Rc<RefCell<Tally>>) -> Result<()> {
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
        all(running).await?;
        pacer.join().map_err(|_| anyhow!("the pacer panicked"))
    }
}

/// Waits for every task.
///
/// # Errors
/// A task panicked: its requests are missing, so the numbers of the run mean nothing.
async fn all(mut running: JoinSet<()>) -> Result<()> {
    while let Some(ended) = running.join_next().await {
        ended?;
    }
    Ok(())
}

/// Plans the arrivals. Customers act independently, so arrivals are a Poisson process; the seed makes
/// it the same in every run.
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
