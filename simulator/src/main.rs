//! The stand-ins as a program of their own.

use clap::Parser;
use simulator::{Capabilities, Fact, FaultRule, SimulatorConfig};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// KOS-Order and the MVNO AP server as stand-ins over real HTTP.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where KOS-Order listens.
    #[arg(long, default_value = "127.0.0.1:9090")]
    kos_addr: SocketAddr,
    /// Where the MVNO AP server listens.
    #[arg(long, default_value = "127.0.0.1:9091")]
    ap_addr: SocketAddr,
    /// Where faults are set, and ledger and requests are shown.
    #[arg(long, default_value = "127.0.0.1:9092")]
    control_addr: SocketAddr,
    /// The folder that keeps the ledger; without it the ledger is lost at the end.
    #[arg(long)]
    ledger_dir: Option<PathBuf>,
    /// The secret that results to the AP are signed with.
    #[arg(long, default_value = "simulator-ap-secret")]
    ap_secret: String,
    /// Speak the base contract alone.
    #[arg(long)]
    base_only: bool,
    /// Leave out one of the facts K1 to K4.
    #[arg(long, value_enum, value_delimiter = ',')]
    without: Vec<Fact>,
    /// With K2: seconds after which a change can no longer be applied.
    #[arg(long, default_value_t = 30)]
    change_horizon: u64,
    /// What goes wrong: kos.change=hang, kos.bill=delay:500*3, kos.change=lost_answer,ok, ap=reset%10~7.
    #[arg(long = "fault")]
    faults: Vec<FaultRule>,
}

impl Arguments {
    fn into_config(self) -> SimulatorConfig {
        SimulatorConfig {
            kos_addr: Some(self.kos_addr),
            ap_addr: Some(self.ap_addr),
            control_addr: Some(self.control_addr),
            capabilities: Capabilities::of(self.base_only, &self.without),
            ledger_dir: self.ledger_dir,
            ap_secret: self.ap_secret,
            change_horizon: Duration::from_secs(self.change_horizon),
            faults: self.faults,
            ..SimulatorConfig::default()
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let simulator = simulator::start(Arguments::parse().into_config()).await?;
    for (name, url) in [
        ("KOS-Order", simulator.kos_url()),
        ("MVNO AP", simulator.ap_url()),
        ("control", simulator.control_url()),
    ] {
        if let Some(url) = url {
            println!("{name:<10} {url}");
        }
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}
