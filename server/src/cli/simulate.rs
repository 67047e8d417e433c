//! `phonebill simulate`: the stand-ins alone, for a product that runs elsewhere.

use crate::{config::Layers, shutdown::Signals, telemetry};
use clap::Args;
use secrecy::ExposeSecret;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Where KOS-Order listens.
    #[arg(long, default_value = "127.0.0.1:9001")]
    kos_addr: SocketAddr,
    /// Where the MVNO AP server listens.
    #[arg(long, default_value = "127.0.0.1:9002")]
    ap_addr: SocketAddr,
    /// Where faults are set and ledgers are read.
    #[arg(long, default_value = "127.0.0.1:9003")]
    control_addr: SocketAddr,
    /// Where the ledgers are kept; unset: in memory.
    #[arg(long)]
    ledger_dir: Option<PathBuf>,
    /// Speak the base contract only.
    #[arg(long)]
    base_only: bool,
    /// Leave out some of the facts K1 to K4, for example `k1,k3`.
    #[arg(long, value_enum, value_delimiter = ',')]
    without: Vec<simulator::Fact>,
    /// With K2: seconds after which a change can no longer be applied.
    #[arg(long, default_value_t = 30)]
    change_horizon: u64,
    /// Misbehaviour, for example `kos.change=hang`; may be repeated.
    #[arg(long = "fault", value_name = "RULE")]
    faults: Vec<simulator::FaultRule>,
}

impl Simulate {
    pub(super) async fn run(self, layers: Layers) -> anyhow::Result<()> {
        let config = layers.finish_for_maintenance()?;
        let _telemetry = telemetry::init(&config.log)?;
        let signals = Signals::install()?;
        let running = simulator::start(simulator::SimulatorConfig {
            kos_addr: Some(self.kos_addr),
            ap_addr: Some(self.ap_addr),
            control_addr: Some(self.control_addr),
            ledger_dir: self.ledger_dir,
            ap_secret: config.mvno.signing_secret.expose_secret().to_owned(),
            capabilities: simulator::Capabilities::of(self.base_only, &self.without),
            change_horizon: Duration::from_secs(self.change_horizon),
            faults: self.faults,
            ..simulator::SimulatorConfig::default()
        })
        .await?;
        for (name, url) in [
            ("KOS_URL", running.kos_url()),
            ("MVNO_AP_URL", running.ap_url()),
            ("control", running.control_url()),
        ] {
            println!("{name}={}", url.unwrap_or_default());
        }
        signals.received().await;
        running.stop().await;
        Ok(())
    }
}
