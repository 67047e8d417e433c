//! Start and stop of the stand-ins.

use crate::{
    Capabilities, Clock, FaultRule, Faults, Journal, Ledger,
    ap::{self, Ap},
    connection::{Connection, CuttableListener},
    control::{self, Control},
    kos::{self, Kos},
    stage::Stage,
};
use anyhow::Context;
use axum::Router;
use jiff::SignedDuration;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// Time for open connections to end when the simulator stops.
const GRACE: Duration = Duration::from_secs(2);

/// The configuration of the stand-ins.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// Address of KOS-Order; `None` starts no KOS-Order.
    pub kos_addr: Option<SocketAddr>,
    /// Address of the MVNO AP server; `None` starts none.
    pub ap_addr: Option<SocketAddr>,
    /// Address of the control port; `None` starts none.
    pub control_addr: Option<SocketAddr>,
    /// The folder of the ledger; `None` keeps it in memory.
    pub ledger_dir: Option<PathBuf>,
    /// The secret that results to the AP are signed with.
    pub ap_secret: String,
    /// What KOS can do beyond the base contract.
    pub capabilities: Capabilities,
    /// With K2: the time after its arrival in which a change can be applied.
    pub change_horizon: Duration,
    /// The fault rules from the start.
    pub faults: Vec<FaultRule>,
    /// The clock.
    pub clock: Clock,
}

impl Default for SimulatorConfig {
    /// KOS-Order and the AP on free loopback ports, no control port, everything in memory.
    fn default() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            kos_addr: Some(any),
            ap_addr: Some(any),
            control_addr: None,
            ledger_dir: None,
            ap_secret: "simulator-ap-secret".into(),
            capabilities: Capabilities::default(),
            change_horizon: Duration::from_secs(30),
            faults: Vec::new(),
            clock: Clock::system(),
        }
    }
}

/// The running stand-ins. Dropping it stops them too, without waiting.
#[derive(Debug)]
pub struct Simulator {
    kos_addr: Option<SocketAddr>,
    ap_addr: Option<SocketAddr>,
    control_addr: Option<SocketAddr>,
    stage: Stage,
    servers: Vec<JoinHandle<()>>,
}

/// Starts the configured stand-ins; on return, the ports answer.
///
/// # Errors
/// An address is taken, or the ledger cannot be opened or read.
pub async fn start(config: SimulatorConfig) -> anyhow::Result<Simulator> {
    let ledger = Ledger::open(config.ledger_dir.as_deref())?;
    let faults = Faults::default();
    faults.set(config.faults);
    let stage = Stage {
        clock: config.clock,
        faults,
        journal: Journal::default(),
        ledger,
        stop: CancellationToken::new(),
    };
    let mut simulator = Simulator {
        kos_addr: None,
        ap_addr: None,
        control_addr: None,
        stage: stage.clone(),
        servers: Vec::new(),
    };
    if let Some(addr) = config.kos_addr {
        let horizon =
            SignedDuration::try_from(config.change_horizon).context("the change horizon")?;
        let kos = Kos::new(stage.clone(), config.capabilities, horizon)
            .context("cannot read the ledger")?;
        simulator.kos_addr = Some(simulator.serve(addr, kos::router(kos)).await?);
    }
    if let Some(addr) = config.ap_addr {
        let ap = Ap::new(stage.clone(), config.ap_secret).context("cannot read the ledger")?;
        simulator.ap_addr = Some(simulator.serve(addr, ap::router(ap)).await?);
    }
    if let Some(addr) = config.control_addr {
        let Stage {
            faults,
            journal,
            ledger,
            ..
        } = stage;
        let control = control::router(Control {
            faults,
            journal,
            ledger,
        });
        simulator.control_addr = Some(simulator.serve(addr, control).await?);
    }
    Ok(simulator)
}

impl Simulator {
    /// `http://host:port` of KOS-Order, without the path `/api/v1/kos`.
    pub fn kos_url(&self) -> Option<String> {
        self.kos_addr.map(|addr| format!("http://{addr}"))
    }

    /// `http://host:port` of the MVNO AP server.
    pub fn ap_url(&self) -> Option<String> {
        self.ap_addr.map(|addr| format!("http://{addr}"))
    }

    /// `http://host:port` of the control port.
    pub fn control_url(&self) -> Option<String> {
        self.control_addr.map(|addr| format!("http://{addr}"))
    }

    /// The fault rules; can be changed at any time.
    pub fn faults(&self) -> &Faults {
        &self.stage.faults
    }

    /// The ledger: what was really applied and received.
    pub fn ledger(&self) -> &Ledger {
        &self.stage.ledger
    }

    /// The requests that arrived.
    pub fn journal(&self) -> &Journal {
        &self.stage.journal
    }

    /// Stops listening, ends hung calls, waits for the rest (at most 2 s), closes the ledger.
    pub async fn stop(mut self) {
        self.stage.stop.cancel();
        for server in std::mem::take(&mut self.servers) {
            let abort = server.abort_handle();
            if tokio::time::timeout(GRACE, server).await.is_err() {
                tracing::debug!("a connection of the simulator did not end in time");
                abort.abort();
            }
        }
        self.stage.ledger.close();
    }

    async fn serve(&mut self, addr: SocketAddr, router: Router) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind(addr)
            .await
            .with_context(|| format!("cannot listen on {addr}"))?;
        let addr = listener.local_addr()?;
        let service = router.into_make_service_with_connect_info::<Connection>();
        let stop = self.stage.stop.clone().cancelled_owned();
        let server = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stop);
        self.servers.push(tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "a server of the simulator ended");
            }
        }));
        Ok(addr)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stage.stop.cancel();
    }
}
