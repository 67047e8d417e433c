//! The product and its surroundings.

use crate::{
    customers::Customers,
    exported::Exported,
    footprint::Footprint,
    kind::{Kind, Needs},
    ledgers::{self, Ledgers},
    process::{Fate, Process, Setup, last_words},
    redis::free_address,
    servers::{Servers, Trouble, proxy},
    site::ChangeTold,
    sold,
};
use anyhow::{Context, Result, ensure};
use simulator::{
    Capabilities, FaultRule, Operation, Simulator, SimulatorConfig,
    fault_proxy::{Direction, Ending, FaultProxy, Protocol, Weather},
};
use std::net::SocketAddr;
use tempfile::TempDir;

/// The default of the demo profile.
const AP_SECRET: &str = "demo-signing-secret-not-for-production";
/// One replica and everything it uses.
pub struct World {
    folder: TempDir,
    simulator: Simulator,
    to_kos: FaultProxy,
    servers: Option<Servers>,
    process: Process,
    pub exported: Exported,
}

impl World {
    /// `spoilt`: settings that make the product worse.
    pub async fn start(postgres: Option<String>, spoilt: &[(&str, &str)]) -> Result<Self> {
        let folder = TempDir::new()?;
        let simulator = simulator::start(SimulatorConfig {
            ap_secret: AP_SECRET.into(),
            capabilities: Capabilities::ALL,
            ..SimulatorConfig::default()
        })
        .await?;
        let kos = simulator.kos_url().context("KOS has no address")?;
        let to_kos = proxy(address(&kos)?, Protocol::Opaque)?;
        let admin = free_address()?.to_string();
        let settings = [("PHONEBILL_ADMIN_ADDR", admin.as_str())];
        let changed = settings.iter().chain(spoilt);
        let changed = changed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = sold::settings()?.into_iter().chain(changed).collect();
        let (servers, database_url, redis_url) = match postgres {
            None => (None, None, None),
            Some(url) => {
                let servers = Servers::start(&url, folder.path()).await?;
                let (database_url, redis_url) = (servers.database_url(), servers.redis_url());
                (Some(servers), Some(database_url), Some(redis_url))
            }
        };
        let setup = Setup {
            folder: folder.path().to_owned(),
            database_url,
            redis_url,
            kos_url: to_kos.url(),
            ap_url: simulator.ap_url().context("the AP has no address")?,
            capable_kos: true,
            settings,
        };
        let process = Process::start(&setup, Fate::Lives)
            .await?
            .context("phonebill did not start")?;
        Ok(Self {
            folder,
            simulator,
            to_kos,
            servers,
            process,
            exported: Exported::at(&admin)?,
        })
    }

    pub async fn customers(&self) -> Result<Customers> {
        Customers::invite(&self.process.origin, &self.database()).await
    }

    fn database(&self) -> String {
        let file = self.folder.path().join("data").join("phonebill.db");
        match &self.servers {
            Some(servers) => servers.database_url_past_the_proxy().to_owned(),
            None => format!("sqlite:{}", file.display()),
        }
    }

    /// What KOS and the record say of the changes once none is open.
    pub async fn ledgers(&self, told: Vec<ChangeTold>) -> Result<Ledgers> {
        let record = ledgers::settled(&self.database()).await?;
        let applied = self.simulator.ledger().changes_applied()?;
        let applied = applied.into_iter().map(|change| change.request_id);
        Ok(Ledgers {
            told,
            record,
            applied: applied.collect(),
        })
    }

    pub async fn begin(&mut self, kind: Kind) -> Result<Trouble> {
        if let Kind::Simulator(rules) = kind {
            let rules = rules.iter().map(|rule| rule.parse());
            let rules: Result<Vec<FaultRule>, _> = rules.collect();
            self.simulator.faults().set(rules?);
            return Ok(Trouble::None);
        }
        if kind == Kind::KosRefuses {
            self.to_kos.refuse(true);
            self.to_kos.cut_all(Ending::Reset);
            return Ok(Trouble::None);
        }
        if kind == Kind::KosSilent {
            let hole = Weather::hole();
            self.to_kos.set_weather(Direction::ToClient, hole);
            return Ok(Trouble::None);
        }
        let servers = self.servers.as_mut().context("needs the servers")?;
        servers.begin(kind).await
    }

    pub async fn end(&mut self, kind: Kind, trouble: Trouble) -> Result<()> {
        match trouble {
            Trouble::None => {}
            Trouble::Connections(taken) => drop(taken),
            Trouble::Locks(locks) => drop(locks),
            Trouble::Disk(ballast) => drop(ballast),
            Trouble::Repeated(trouble) => {
                trouble.abort();
                // Aborted, as asked.
                trouble.await.ok();
            }
        }
        self.simulator.faults().clear();
        self.to_kos.calm();
        match &mut self.servers {
            Some(servers) => servers.end(kind).await,
            None => Ok(()),
        }
    }

    /// The bill inquiries that KOS has received.
    pub fn bills_heard(&self) -> u64 {
        self.simulator.journal().calls(Operation::Bill)
    }

    /// The keys that were deleted from Redis so far.
    pub fn keys_flushed(&self) -> u64 {
        self.servers.as_ref().map_or(0, Servers::keys_flushed)
    }

    /// The product's resources at this moment.
    pub fn footprint(&self) -> Result<Footprint> {
        Footprint::of(self.process.pid()?, self.to_kos.addr())
    }

    /// Whether the environment has what the fault needs.
    pub fn has(&self, needs: Needs) -> bool {
        let servers = self.servers.as_ref();
        match needs {
            Needs::Nothing => true,
            Needs::Servers => servers.is_some(),
            Needs::SmallDisk => servers.is_some_and(Servers::has_own_disk),
        }
    }

    /// Fails if the product has ended: no trouble of others may end it (M11).
    pub fn still_lives(&mut self, fault: &str) -> Result<()> {
        let log = || last_words(self.folder.path());
        ensure!(
            !self.process.is_dead(),
            "{fault} ended the product:\n{}",
            log()
        );
        Ok(())
    }

    pub async fn stop(mut self) -> Result<()> {
        self.process.kill().await?;
        self.simulator.stop().await;
        Ok(())
    }
}

fn address(url: &str) -> Result<SocketAddr> {
    let address = url.strip_prefix("http://").context("not http")?;
    Ok(address.parse()?)
}
