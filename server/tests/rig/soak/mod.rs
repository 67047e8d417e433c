//! T4: a hundred requests a second to three replicas behind nginx, while replicas and Redis are killed, KOS
//! fails a tenth of the time and PostgreSQL crashes (M13). At least 999 of a thousand requests are
//! answered usefully or as documented, and no law is broken.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `answers` | the worth of an answer |
//! | `nemesis` | what breaks, and when |
//! | `visitors` | the load |

pub mod answers;
#[expect(
    dead_code,
    reason = "what nginx complains of is judged where replicas end in order"
)]
#[path = "../../replicas/balancer.rs"]
mod balancer;
mod nemesis;
#[expect(dead_code, reason = "the chaos rig breaks it in more ways")]
#[path = "../../chaos/redis.rs"]
mod redis_server;
#[expect(dead_code, reason = "the chaos rig also reads single settings")]
#[path = "../../chaos/sold.rs"]
mod sold;
mod visitors;

use crate::{
    laws::Law,
    report::Outcome,
    subject::{Backend, Fleet, Seeded, StandIns, Verdict},
};
use answers::{Part, Share, System, Trouble};
use anyhow::{Context, Result, ensure};
use balancer::{Nginx, free_address};
use nemesis::{Event, schedule};
use redis_server::Redis;
use std::{net::SocketAddr, time::Duration};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use visitors::{Journal, Visitor};

const REPLICAS: usize = 3;
/// Of the rig's lines; the others are only read.
const LINES_THAT_CHANGE: usize = 4;
/// The planted soak: a single replica, killed once.
const PLANTED_LASTS: Duration = Duration::from_secs(20);
const PLANTED_KILL: Duration = Duration::from_secs(8);
/// Failed requests that are printed.
const SHOWN: usize = 20;

/// Soaks the product for so many minutes.
///
/// # Errors
/// The rig itself broke.
pub async fn run(backend: &Backend, minutes: u64, seed: u64) -> Result<Outcome> {
    let lasts = Duration::from_secs(minutes * 60);
    let soak = Soak {
        lasts,
        replicas: REPLICAS,
        events: schedule(lasts, REPLICAS, seed),
        seed,
    };
    let verdict = soak.endure(backend, true).await?;
    let mut outcome = Outcome {
        tried: soak.events.len() as u64,
        deaths: verdict.deaths,
        changes: verdict.changes,
        ..Outcome::default()
    };
    let replay = format!("soak --minutes {minutes} --seed {seed}");
    outcome.judge(
        format!("{minutes} minutes from seed {seed}"),
        replay,
        verdict.violations,
        verdict.log,
    );
    Ok(outcome)
}

/// Whether a deployment of one replica, which is killed, is found to fail too many requests.
///
/// # Errors
/// The rig itself broke.
pub async fn finds_a_single_replica(backend: &Backend) -> Result<bool> {
    let soak = Soak {
        lasts: PLANTED_LASTS,
        replicas: 1,
        events: vec![(PLANTED_KILL, Event::KillReplica(0))],
        seed: 1,
    };
    let verdict = soak.endure(backend, false).await?;
    Ok(verdict.violations.iter().any(|found| found.law == Law::M13))
}

struct Soak {
    lasts: Duration,
    replicas: usize,
    events: Vec<(Duration, Event)>,
    seed: u64,
}

impl Soak {
    async fn endure(&self, backend: &Backend, print: bool) -> Result<Verdict> {
        let folder = TempDir::new()?;
        let seeded = Seeded::make(backend.clone(), 1).await?;
        let mut redis = Redis::start(folder.path()).await?;
        let stand_ins = StandIns::start(true, Vec::new()).await?;
        let to_redis = format!("redis://{}/", redis.address());
        let mut fleet = Fleet::begin(&seeded, 0, stand_ins, &to_redis, self.replicas).await?;
        fleet.trial.setup.settings = sold::settings()?;
        let addresses: Result<Vec<_>> = (0..self.replicas).map(|_| free_address()).collect();
        let addresses = addresses?;
        for (number, address) in addresses.iter().enumerate() {
            fleet.start_at(number, *address).await?;
        }
        let front = free_address()?;
        let nginx = Nginx::start(folder.path(), front, &addresses).await?;
        let origin = format!("http://{front}");
        let months = months(&fleet, &origin, &seeded).await?;

        let (journal, over) = (Journal::begin(), CancellationToken::new());
        let visitor = Visitor {
            customer: fleet.trial.customer.clone(),
            origin,
            journal: journal.clone(),
        };
        let (changing, reading) = seeded.lines.split_at(LINES_THAT_CHANGE);
        let mut visiting = tokio::task::JoinSet::new();
        let readers = visitor.clone();
        visiting.spawn(readers.read_all_the_time(
            reading.to_vec(),
            months,
            self.seed,
            over.clone(),
        ));
        for (line, seed) in changing.iter().zip(self.seed..) {
            let visitor = visitor.clone();
            visiting.spawn(visitor.change_now_and_then(line.clone(), seed, over.clone()));
        }
        let troubles = self
            .bring(&mut fleet, &mut redis, &addresses, &journal)
            .await?;
        tokio::time::sleep_until(journal.begun() + self.lasts).await;
        over.cancel();
        visiting.join_all().await;
        fleet.settle(|| true).await?;
        drop(nginx);
        for number in 0..self.replicas {
            fleet.kill(number).await?;
        }
        let mut verdict = fleet.trial.verdict().await?;
        let asked = journal.read();
        for part in [Part::WithoutKos, Part::OfKos] {
            let share = Share::of(part, &asked, &troubles);
            if print {
                print_share(&share);
            }
            verdict.violations.extend(share.violation());
        }
        Ok(verdict)
    }

    /// Brings the events, and returns when what was broken.
    async fn bring(
        &self,
        fleet: &mut Fleet,
        redis: &mut Redis,
        addresses: &[SocketAddr],
        journal: &Journal,
    ) -> Result<Vec<Trouble>> {
        let mut troubles = Vec::new();
        let mut kos_fails_since = None;
        for (at, event) in &self.events {
            tokio::time::sleep_until(journal.begun() + *at).await;
            let begun = journal.now();
            let trouble = |system, from| Trouble {
                system,
                from,
                until: journal.now(),
            };
            match event {
                Event::KillReplica(number) => {
                    fleet.kill(*number).await?;
                    fleet.start_at(*number, addresses[*number]).await?;
                }
                Event::KillRedis => redis.kill().await?,
                Event::StartRedis => redis.start_again().await?,
                Event::KosFails(way) => {
                    let faults = fleet.trial.stand_ins.simulator.faults();
                    faults.set(vec![way.parse()?]);
                    kos_fails_since = Some(begun);
                }
                Event::KosWorks => {
                    fleet.trial.stand_ins.simulator.faults().clear();
                    let since = kos_fails_since.take().unwrap_or(begun);
                    troubles.push(trouble(System::Kos, since));
                }
                Event::CrashPostgres => {
                    fleet.trial.crash_postgres().await?;
                    troubles.push(trouble(System::Postgres, begun));
                }
            }
        }
        fleet.trial.stand_ins.simulator.faults().clear();
        troubles.extend(kos_fails_since.map(|since| Trouble {
            system: System::Kos,
            from: since,
            until: journal.now(),
        }));
        Ok(troubles)
    }
}

/// Looks once at everything that is to be known, and returns the months of bills.
async fn months(fleet: &Fleet, origin: &str, seeded: &Seeded) -> Result<Vec<String>> {
    let customer = &fleet.trial.customer;
    let menu = customer.get(origin, "/api/v1/bill/menu").await;
    let menu = menu.context("no answer")?;
    let menu: serde_json::Value = serde_json::from_str(&menu.body)?;
    let months = menu["months"].as_array().context("no months")?.iter();
    let months: Vec<_> = months
        .filter_map(|month| month.as_str().map(str::to_owned))
        .collect();
    for line in &seeded.lines {
        for month in &months {
            let bill = customer.look_at_bill(origin, &line.id, Some(month)).await;
            let bill = bill.context("no answer")?;
            ensure!(bill.status == 200, "{} {}", bill.status, bill.body);
        }
        let path = format!("/product/menu?line={}", line.id);
        let plan = customer.get(origin, &path).await.context("no answer")?;
        ensure!(plan.status == 200, "{} {}", plan.status, plan.body);
    }
    Ok(months)
}

fn print_share(share: &Share) {
    println!("  {share}");
    for failed in share.failed.iter().take(SHOWN) {
        println!("    {failed}");
    }
}
