//! The product, what stands around it, and how that breaks.

use crate::{
    customers::Customers,
    faults::{Kind, Needs},
    postgres::{Ballast, Postgres, Taken},
    process::{Fate, Process, Setup, last_words},
    redis::Redis,
};
use anyhow::{Context, Result, ensure};
use simulator::{
    Capabilities, FaultRule, Simulator, SimulatorConfig,
    fault_proxy::{Direction, Ending, FaultProxy, Protocol, Weather},
};
use std::{net::SocketAddr, time::Duration};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// The default of the demo profile.
const AP_SECRET: &str = "demo-signing-secret-not-for-production";
/// Longer than an operation on Redis may take.
const REDIS_LATE: Duration = Duration::from_millis(200);
/// A statement and its answer become so much slower.
const POSTGRES_LATE: Duration = Duration::from_millis(100);
const SEED: u64 = 7;

/// Time limits as they are sold, but for what would make a row longer than it needs to be.
const SETTINGS: [(&str, &str); 21] = [
    // Asked of Redis for every request, and never reached.
    ("PHONEBILL_RATE_LIMITS", "on"),
    ("PHONEBILL__LIMITS__PER_ADDRESS_PER_S", "100000"),
    ("PHONEBILL__LIMITS__PER_ADDRESS_BURST", "100000"),
    ("PHONEBILL__LIMITS__PER_SESSION_PER_S", "100000"),
    ("PHONEBILL__LIMITS__PER_SESSION_BURST", "100000"),
    ("PHONEBILL__LIMITS__LOGIN_PER_MINUTE", "100000"),
    ("PHONEBILL__LIMITS__LOGIN_BURST", "100000"),
    ("PHONEBILL__LIMITS__ID_LOGIN_PER_MINUTE", "100000"),
    ("PHONEBILL__LIMITS__ID_LOGIN_BURST", "100000"),
    ("PHONEBILL__DATABASE__ACQUIRE_TIMEOUT_MS", "300"),
    ("PHONEBILL__KOS__CHANGE_TIMEOUT_MS", "5000"),
    ("PHONEBILL__KOS__INQUIRY_TIMEOUT_MS", "3000"),
    ("PHONEBILL__BREAKER__SLOW_CALL_MS", "2500"),
    ("PHONEBILL__BREAKER__OPEN_S", "10"),
    ("PHONEBILL__MVNO__TIMEOUT_MS", "5000"),
    ("PHONEBILL__MVNO__FIRST_RETRY_MS", "1000"),
    ("PHONEBILL__MVNO__LONGEST_RETRY_S", "10"),
    ("PHONEBILL__PRODUCT__RECONCILE_POLL_MS", "1000"),
    ("PHONEBILL__PRODUCT__FIRST_QUESTION_MS", "1000"),
    ("PHONEBILL__PRODUCT__LONGEST_PAUSE_MS", "10000"),
    ("PHONEBILL__LOG__LEVEL", "warn"),
];

/// One replica and everything it stands on.
pub struct World {
    folder: TempDir,
    simulator: Simulator,
    to_kos: FaultProxy,
    servers: Option<Servers>,
    process: Process,
    metrics_url: String,
}

/// With these it is the full mode.
struct Servers {
    postgres: Postgres,
    to_postgres: FaultProxy,
    redis: Redis,
    to_redis: FaultProxy,
}

/// What lasts as long as a fault does.
pub enum Trouble {
    None,
    Connections(Taken),
    Disk(Ballast),
    Crashes(JoinHandle<()>),
}

impl World {
    pub async fn start(postgres: Option<String>) -> Result<Self> {
        let folder = TempDir::new()?;
        let simulator = simulator::start(SimulatorConfig {
            ap_secret: AP_SECRET.into(),
            capabilities: Capabilities::ALL,
            ..SimulatorConfig::default()
        })
        .await?;
        let kos = simulator.kos_url().context("KOS has no address")?;
        let to_kos = proxy(address(&kos)?, Protocol::Opaque)?;
        let admin = free_address()?;
        let settings = [("PHONEBILL_ADMIN_ADDR", admin.as_str())];
        let settings = SETTINGS.iter().chain(&settings);
        let settings: Vec<(String, String)> = settings
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let (servers, database_url, redis_url) = match postgres {
            None => (None, None, None),
            Some(url) => {
                let postgres = Postgres::find(&url).await?;
                let to_postgres = proxy(postgres.address(), Protocol::Postgres)?;
                let redis = Redis::start(folder.path()).await?;
                let to_redis = proxy(redis.address(), Protocol::Redis)?;
                let through = postgres.url_through(to_postgres.addr());
                let redis_url = format!("redis://{}/", to_redis.addr());
                let servers = Servers {
                    postgres,
                    to_postgres,
                    redis,
                    to_redis,
                };
                (Some(servers), Some(through), Some(redis_url))
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
            metrics_url: format!("http://{admin}/metrics"),
        })
    }

    /// How often the product has counted a failure in that series.
    pub async fn failures(&self, series: &str) -> Result<u64> {
        let text = reqwest::get(&self.metrics_url).await?.text().await?;
        let lines = text.lines().filter(|line| line.starts_with(series));
        let failed = lines.filter(|line| !line.contains("result=\"ok\""));
        let counts = failed.map(|line| {
            let count = line.rsplit(' ').next().context("no count")?;
            Ok(count.parse::<u64>()?)
        });
        counts.sum()
    }

    pub async fn customers(&self) -> Result<Customers> {
        let file = self.folder.path().join("data").join("phonebill.db");
        let database = match &self.servers {
            Some(servers) => servers.postgres.url().to_owned(),
            None => format!("sqlite:{}", file.display()),
        };
        Customers::invite(&self.process.origin, &database).await
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
        let servers = self.servers.as_mut().context("needs the servers")?;
        servers.begin(kind).await
    }

    pub async fn end(&mut self, kind: Kind, trouble: Trouble) -> Result<()> {
        match trouble {
            Trouble::None => {}
            Trouble::Connections(taken) => drop(taken),
            Trouble::Disk(ballast) => drop(ballast),
            Trouble::Crashes(crashes) => {
                crashes.abort();
                // Aborted, as asked.
                crashes.await.ok();
            }
        }
        self.simulator.faults().clear();
        self.to_kos.calm();
        match &mut self.servers {
            Some(servers) => servers.end(kind).await,
            None => Ok(()),
        }
    }

    /// Whether what the fault needs is there.
    pub fn has(&self, needs: Needs) -> bool {
        let servers = self.servers.as_ref();
        match needs {
            Needs::Nothing => true,
            Needs::Servers => servers.is_some(),
            Needs::SmallDisk => servers.is_some_and(|servers| servers.postgres.has_own_disk()),
        }
    }

    /// No trouble of others may end the product (M11).
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

impl Servers {
    async fn begin(&mut self, kind: Kind) -> Result<Trouble> {
        let late = |pause| Weather::slow(pause, Duration::ZERO);
        match kind {
            Kind::RedisKilled => self.redis.kill().await?,
            Kind::RedisStopped => self.redis.signal("STOP")?,
            Kind::RedisSlow => {
                let way = Direction::ToClient;
                self.to_redis.set_weather(way, late(REDIS_LATE));
            }
            Kind::RedisReadOnly => self.redis.read_only().await?,
            Kind::RedisFull => self.redis.fill().await?,
            Kind::PostgresAway => {
                self.to_postgres.refuse(true);
                self.to_postgres.cut_all(Ending::Reset);
            }
            Kind::PostgresStopped => self.postgres.signal("STOP")?,
            Kind::PostgresSlow => {
                let way = Direction::ToClient;
                self.to_postgres.set_weather(way, late(POSTGRES_LATE));
            }
            Kind::PostgresCrashes => {
                return Ok(Trouble::Crashes(self.postgres.keep_crashing()));
            }
            Kind::PostgresDiskFull => {
                return Ok(Trouble::Disk(self.postgres.fill_disk().await?));
            }
            Kind::PostgresReadOnly => self.postgres.set_read_only(true).await?,
            Kind::PostgresFull => {
                // The product's own connections have to end, or it would not notice.
                self.to_postgres.refuse(true);
                self.to_postgres.cut_all(Ending::Reset);
                let taken = self.postgres.take_all_connections().await;
                self.to_postgres.refuse(false);
                return Ok(Trouble::Connections(taken?));
            }
            Kind::Simulator(_) | Kind::KosRefuses => {}
        }
        Ok(Trouble::None)
    }

    async fn end(&mut self, kind: Kind) -> Result<()> {
        match kind {
            Kind::RedisKilled => self.redis.start_again().await?,
            Kind::RedisStopped => self.redis.signal("CONT")?,
            Kind::RedisReadOnly | Kind::RedisFull => self.redis.mend().await?,
            Kind::PostgresStopped => self.postgres.signal("CONT")?,
            Kind::PostgresReadOnly => self.postgres.set_read_only(false).await?,
            _ => {}
        }
        self.to_redis.calm();
        self.to_postgres.calm();
        Ok(())
    }
}

/// An address that was free a moment ago.
fn free_address() -> Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}

fn proxy(upstream: SocketAddr, protocol: Protocol) -> Result<FaultProxy> {
    Ok(FaultProxy::start(upstream, protocol, SEED)?)
}

fn address(url: &str) -> Result<SocketAddr> {
    let address = url.strip_prefix("http://").context("not http")?;
    Ok(address.parse()?)
}
