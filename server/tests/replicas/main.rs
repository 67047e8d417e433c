//! Restarts three real servers behind a real nginx, one after the other, again and again, while customers
//! use the product: no customer may notice, and nothing may be lost on its way to the MVNO AP server.
//!
//! ```sh
//! cargo xtask replicas            # starts PostgreSQL and Redis, then this
//! cargo xtask replicas -- --kill  # the same with SIGKILL: passes if that is noticed
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | `replica` | one `phonebill serve`: start, SIGTERM, SIGKILL, readiness |
//! | `balancer` | nginx with the settings of `deploy/nginx/proxy.conf` |
//! | `routing` | nginx before a silent machine, and before two releases |
//! | `cuts` | nginx before a replica that cuts its connections: which complaints count |
//! | `front` | an nginx before stand-ins |
//! | `customers` | all customers together |
//! | `customer` | steady requests, each answer judged, each change and bill recorded |
//! | `answers` | what is wrong with an answer |
//! | `told` | what customers were shown |
//! | `delivered` | what the AP server received, against KOS and the customers |
//! | `falsified` | planted falsehoods that this comparison must find |
//! | `report` | the figures |

mod answers;
mod balancer;
#[path = "../binary.rs"]
mod binary;
mod customer;
mod customers;
mod cuts;
mod delivered;
mod falsified;
mod front;
mod replica;
mod report;
mod routing;
#[path = "../signals.rs"]
mod signals;
mod told;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use customers::Customers;
use report::Report;
use simulator::SimulatorConfig;
use std::{net::SocketAddr, process::ExitCode, time::Instant};

#[derive(Debug, Parser)]
#[command(name = "replicas", about = "Restarts replicas under load")]
struct Cli {
    /// An empty database
    #[arg(long)]
    postgres: String,
    #[arg(long)]
    redis: String,
    /// Replicas to restart, one after the other
    #[arg(long, default_value_t = 20)]
    restarts: usize,
    /// The planted fault: end replicas with SIGKILL. The run then passes only if customers noticed and
    /// nginx saw requests cut: a rig that does not notice this would notice nothing. Still nothing may be
    /// lost.
    #[arg(long)]
    kill: bool,
}

const REPLICAS: usize = 3;
/// Shared with the AP server: without the right signature it receives nothing.
const AP_SECRET: &str = "one signing secret of the rig";

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let planted = cli.kill;
    match run(cli).await {
        Ok(report) => {
            println!("{report}");
            let as_expected = if planted {
                let noticed = report.was_noticed() && report.requests_were_cut();
                println!(
                    "planted fault       {}",
                    if noticed { "found" } else { "NOT found" }
                );
                noticed && report.somebody_was_there() && report.nothing_is_lost()
            } else {
                report.is_clean()
            };
            if as_expected {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("replicas: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    routing::prove(folder.path()).await?;
    cuts::prove(folder.path()).await?;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let stand_ins = simulator::start(SimulatorConfig {
        kos_addr: Some(any),
        ap_addr: Some(any),
        ap_secret: AP_SECRET.into(),
        ..SimulatorConfig::default()
    })
    .await?;
    let front = balancer::free_address()?;
    let settings = replica::Settings {
        postgres: cli.postgres,
        redis: cli.redis,
        kos: stand_ins.kos_url().context("KOS has no address")?,
        ap: stand_ins.ap_url().context("the AP has no address")?,
        ap_secret: AP_SECRET.into(),
        origin: format!("http://{front}"),
        folder: folder.path().to_owned(),
    };
    replica::migrate(&settings)?;
    let mut replicas = Vec::new();
    for number in 0..REPLICAS {
        replicas.push(replica::Replica::start(&settings, number).await?);
    }
    let addresses: Vec<SocketAddr> = replicas.iter().map(replica::Replica::address).collect();
    let nginx = balancer::Nginx::start(folder.path(), front, &addresses).await?;
    let customers = Customers::begin(&settings.origin).await?;

    let began = Instant::now();
    let mut report = Report::default();
    for restart in 0..cli.restarts {
        let replica = &mut replicas[restart % REPLICAS];
        let ended = if cli.kill {
            replica.kill()?
        } else {
            replica.terminate().await?
        };
        report.restarted(ended);
        replica.start_again(&settings).await?;
        eprintln!(
            "restart {} of {}: ended in {:.1} s",
            restart + 1,
            cli.restarts,
            ended.took.as_secs_f64()
        );
    }
    report.lasted(began.elapsed());
    let told = customers.finish().await?;
    report.balanced(nginx.complaints()?);
    report.settled(&delivered::settled(stand_ins.ledger(), &told).await?);
    report.told(told);
    for replica in &mut replicas {
        let ended = replica.terminate().await?;
        ensure!(
            cli.kill || ended.as_promised(),
            "a replica did not end with exit code 0 in time"
        );
    }
    stand_ins.stop().await;
    Ok(report)
}
