//! `phonebill serve`.

use crate::{
    bootstrap,
    clock::Clock,
    config::{Layers, Profile},
    ids::Ids,
    shutdown::{Shutdown, Signals},
    telemetry,
};
use clap::Args;
use std::io::Write;

#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Misbehaviour of the built-in simulator, for example `kos.change=hang`; may be repeated.
    #[arg(long = "fault", value_name = "RULE")]
    faults: Vec<simulator::FaultRule>,
}

impl Serve {
    pub(super) async fn run(self, layers: Layers) -> anyhow::Result<()> {
        let config = layers.finish()?;
        let telemetry = telemetry::init(&config.log)?;
        leave_no_core();
        let signals = Signals::install()?;
        let (profile, pause) = (config.profile, config.http.drain_pause);
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let mut running = bootstrap::start(config, self.faults, clock, ids).await?;
        let waits = running.waits();
        announce(&running, waits, profile);
        let ending = tokio::select! {
            signal = signals.received() => Ok(signal),
            error = not_served(&mut running, waits, profile) => Err(error),
        };
        let ended = match ending {
            Ok(Shutdown::Terminate) => {
                running.drain(pause).await;
                Ok(())
            }
            Ok(Shutdown::Interrupt) => {
                running.stop().await;
                Ok(())
            }
            // No load balancer has sent anybody yet.
            Err(error) => {
                running.stop().await;
                Err(error)
            }
        };
        telemetry.flush().await;
        ended
    }
}

/// Announces once more what has waited for its database. Returns only if nobody can be served from it.
async fn not_served(
    running: &mut bootstrap::Running,
    waited: bool,
    profile: Profile,
) -> anyhow::Error {
    match running.serves().await {
        Err(error) => return error,
        Ok(()) if waited => announce(running, false, profile),
        Ok(()) => {}
    }
    std::future::pending().await
}

/// A core dump would hold passwords and bills of customers; it is left out, also of systemd's collection.
/// Elsewhere than on Linux the limit is the service manager's to set.
fn leave_no_core() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let nothing = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        if let Err(error) = setrlimit(Resource::Core, nothing) {
            tracing::warn!(%error, "a crash may leave a core dump");
        }
    }
}

/// Prints the addresses and, in a demo, the accounts; less while the database is away. A closed pipe is no
/// reason to end.
fn announce(running: &bootstrap::Running, waits: bool, profile: Profile) {
    let _ = write_announcement(&mut std::io::stdout(), running, waits, profile);
}

fn write_announcement(
    out: &mut impl Write,
    running: &bootstrap::Running,
    waits: bool,
    profile: Profile,
) -> std::io::Result<()> {
    let origin = running.origin();
    if waits {
        writeln!(
            out,
            "phonebill waits for its database and listens at {origin}"
        )?;
        return out.flush();
    }
    writeln!(out, "phonebill is ready at {origin}")?;
    if let Some(addr) = running.admin_addr() {
        writeln!(out, "metrics at http://{addr}/metrics")?;
    }
    if profile == Profile::Demo {
        let password = crate::auth::DEMO_PASSWORD;
        writeln!(out, "\nDemo accounts, all with the password {password}:")?;
        for account in bootstrap::DEMO_CUSTOMERS {
            writeln!(out, "  {:<8} {}", account.user_id, account.shows)?;
        }
        writeln!(out)?;
    }
    out.flush()
}
