//! The measurements, and their order.

use crate::{
    arguments::Measure,
    asked::Asked,
    connection::Connection,
    customers::{self, Customer},
    drive::{Drive, Outcome, Requests},
    flood::{self, Flood},
    limits::{BareServer, hashes},
    process, requests,
};
use anyhow::{Result, ensure};
use serde::Serialize;
use std::{io::Write, time::Duration};

/// Connections of a drive without pause.
const CONNECTIONS: usize = 16;
/// Connections of a drive with arrivals: enough that no arrival waits for one.
const MANY: usize = 256;

/// The JSON that is printed.
#[derive(Serialize)]
struct Measured {
    rows: Vec<Row>,
    hashes_per_second: f64,
    flood: Flood,
    memory_mib: f64,
    memory_peak_mib: f64,
    body_bytes: usize,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    /// Arrivals per second; `None`: without pause.
    rate: Option<f64>,
    #[serde(flatten)]
    outcome: Outcome,
    /// KOS calls of the row; `None` if baselines took turns with the product.
    asked: Option<Asked>,
}

struct Bench {
    arguments: Measure,
    rows: Vec<Row>,
    /// Factor on every duration.
    scale: f64,
}

/// Measures everything and prints it.
///
/// # Errors
/// The product's answers differ from its API, or a baseline process does not start.
pub async fn measure(arguments: Measure) -> Result<()> {
    let mut connection = Connection::to(arguments.addr);
    let all = customers::sign_in(&mut connection, arguments.customers, &arguments.password).await?;
    let (regulars, strangers) = all.split_at(all.len() / 2);
    let scale = arguments.scale;
    let mut bench = Bench {
        arguments,
        rows: Vec::new(),
        scale,
    };
    bench.mix(regulars).await?;
    let body_bytes = bench.cached(&mut connection, &regulars[..8]).await?;
    bench.cold(strangers).await?;
    bench.logins(regulars).await?;
    bench.changes(&mut connection, strangers).await?;
    let Measure { addr, pid, .. } = bench.arguments;
    let seconds = 10.0 * scale;
    let password = &bench.arguments.password;
    let flood = flood::run(addr, pid, seconds, &regulars[..8], password).await?;
    let (memory_mib, memory_peak_mib) = process::memory(pid)?;
    let measured = Measured {
        rows: bench.rows,
        hashes_per_second: hashes(bench.arguments.server_cpu, 3.0 * scale)?,
        flood,
        memory_mib,
        memory_peak_mib,
        body_bytes,
    };
    println!("{}", serde_json::to_string_pretty(&measured)?);
    Ok(())
}

impl Bench {
    async fn mix(&mut self, customers: &[Customer]) -> Result<()> {
        let (rate, seconds) = (150.0, 20.0 * self.scale);
        let length = (rate * seconds * 1.2) as usize;
        let mix = requests::mix(customers, &self.arguments.password, length);
        let drive = self.product(Some(rate), seconds, mix);
        self.measure("mix", drive).await
    }

    /// The cached inquiry and its baselines, in turns, so that a noisy neighbour affects all alike.
    /// Returns the size of an inquiry's body in bytes.
    async fn cached(
        &mut self,
        connection: &mut Connection,
        customers: &[Customer],
    ) -> Result<usize> {
        let inquiries: Vec<_> = customers
            .iter()
            .map(|who| requests::inquiry(who, 0, 0))
            .collect();
        let pages: Vec<_> = customers
            .iter()
            .map(|who| requests::bill_page(who, 0, 0))
            .collect();
        let mut body = Vec::new();
        for request in inquiries.iter().chain(&pages).chain(&inquiries) {
            let reply = connection.exchange(request).await?;
            ensure!(reply.status == 200, "{}", reply.head);
            body = reply.body;
        }
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(&body)?;
        let redis = self.arguments.redis.as_deref();
        let bare = BareServer::start(self.arguments.server_cpu, file.path(), None)?;
        let fetching = redis
            .map(|_| BareServer::start(self.arguments.server_cpu, file.path(), redis))
            .transpose()?;
        let nothing = requests::post("/", None, "", &serde_json::json!({}));
        let nothing = requests::in_turn(vec![nothing]);
        let inquiries = requests::in_turn(inquiries);
        let pages = requests::in_turn(pages);
        let mut turns: Vec<(&'static str, Vec<Outcome>, Drive)> = Vec::new();
        let seconds = 4.0 * self.scale;
        let mut turn = |name, addr, pid, requests: &Requests| {
            let drive = Drive {
                addr,
                pid,
                connections: CONNECTIONS,
                seconds,
                rate: None,
                requests: requests.clone(),
            };
            turns.push((name, Vec::new(), drive));
        };
        turn("bare", bare.addr, bare.pid(), &nothing);
        if let Some(fetching) = &fetching {
            let pid = fetching.pid();
            turn("bare with one Redis GET", fetching.addr, pid, &nothing);
        }
        let Measure { addr, pid, .. } = self.arguments;
        turn("cached inquiry, API", addr, pid, &inquiries);
        turn("cached inquiry, SCR-004", addr, pid, &pages);
        for _ in 0..3 {
            for (_, outcomes, drive) in &mut turns {
                outcomes.push(drive.clone().run().await?);
                // Work the product does afterwards must not count for the next turn.
                quiet(pid).await?;
            }
        }
        for (name, mut outcomes, _) in turns {
            outcomes.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
            let outcome = outcomes.swap_remove(1);
            self.rows.push(Row {
                name,
                rate: None,
                outcome,
                asked: None,
            });
        }
        drop((bare, fetching));
        for (name, rate, requests) in [
            ("cached inquiry, API", 500.0, inquiries),
            ("cached inquiry, SCR-004", 50.0, pages),
        ] {
            let drive = self.product(Some(rate), 6.0 * self.scale, requests);
            self.measure(name, drive).await?;
        }
        Ok(body.len())
    }

    async fn cold(&mut self, customers: &[Customer]) -> Result<()> {
        let mut inquiries = Vec::new();
        for month in 0..6 {
            for who in customers {
                inquiries
                    .extend((0..who.lines.len()).map(|line| requests::inquiry(who, line, month)));
            }
        }
        let rate = inquiries.len() as f64 / 8.0;
        let drive = self.product(Some(rate), 7.0 * self.scale, requests::in_turn(inquiries));
        self.measure("cold inquiry", drive).await
    }

    async fn logins(&mut self, customers: &[Customer]) -> Result<()> {
        let logins = customers
            .iter()
            .map(|who| requests::login(who, &self.arguments.password));
        let logins = requests::in_turn(logins.collect());
        let mut drive = self.product(None, 5.0 * self.scale, logins.clone());
        drive.connections = 4;
        self.measure("login", drive).await?;
        let drive = self.product(Some(10.0), 8.0 * self.scale, logins);
        self.measure("login", drive).await
    }

    async fn changes(&mut self, connection: &mut Connection, who: &[Customer]) -> Result<()> {
        let changes = customers::changes(connection, who).await?;
        let rate = changes.len() as f64 / 9.0;
        let drive = self.product(Some(rate), 8.0 * self.scale, requests::in_turn(changes));
        self.measure("plan change", drive).await
    }

    fn product(&self, rate: Option<f64>, seconds: f64, requests: Requests) -> Drive {
        Drive {
            addr: self.arguments.addr,
            pid: self.arguments.pid,
            connections: if rate.is_some() { MANY } else { CONNECTIONS },
            seconds,
            rate,
            requests,
        }
    }

    async fn measure(&mut self, name: &'static str, drive: Drive) -> Result<()> {
        eprintln!("    {name}");
        let (rate, admin) = (drive.rate, self.arguments.admin);
        let before = Asked::read(admin).await?;
        let outcome = drive.run().await?;
        let asked = Some(Asked::read(admin).await?.since(before));
        quiet(self.arguments.pid).await?;
        self.rows.push(Row {
            name,
            rate,
            outcome,
            asked,
        });
        Ok(())
    }
}

/// Waits until the process is idle (at most 20 ms of CPU in 500 ms), for at most two minutes: the
/// product works off a rush in the background.
async fn quiet(pid: u32) -> Result<()> {
    for _ in 0..240 {
        let before = process::cpu(pid)?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        if process::cpu(pid)? - before <= Duration::from_millis(20) {
            break;
        }
    }
    Ok(())
}
