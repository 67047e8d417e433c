//! PostgreSQL and Redis behind fault proxies, and their faults.

use crate::{
    faults::SHORT,
    kind::Kind,
    postgres::{Ballast, Locks, Postgres, Taken},
    redis::Redis,
    signals::Signal,
};
use anyhow::Result;
use simulator::fault_proxy::{Direction, Ending, FaultProxy, Protocol, Weather};
use std::{net::SocketAddr, path::Path, time::Duration};
use tokio::task::JoinHandle;

/// Longer than an operation on Redis may take.
const REDIS_LATE: Duration = Duration::from_millis(200);
/// Delay of each answer.
const POSTGRES_LATE: Duration = Duration::from_millis(100);
const SEED: u64 = 7;

/// The servers of the full mode.
pub struct Servers {
    postgres: Postgres,
    to_postgres: FaultProxy,
    redis: Redis,
    to_redis: FaultProxy,
}

/// What a fault holds until it ends.
pub enum Trouble {
    None,
    Connections(Taken),
    Locks(Locks),
    Disk(Ballast),
    Repeated(JoinHandle<()>),
}

impl Servers {
    pub async fn start(postgres: &str, folder: &Path) -> Result<Self> {
        let postgres = Postgres::find(postgres).await?;
        let to_postgres = proxy(postgres.address(), Protocol::Postgres)?;
        let redis = Redis::start(folder).await?;
        let to_redis = proxy(redis.address(), Protocol::Redis)?;
        Ok(Self {
            postgres,
            to_postgres,
            redis,
            to_redis,
        })
    }

    /// The database's URL for the product.
    pub fn database_url(&self) -> String {
        self.postgres.url_through(self.to_postgres.addr())
    }

    /// The database's URL for the rig, unaffected by the proxy's weather.
    pub fn database_url_past_the_proxy(&self) -> &str {
        self.postgres.url()
    }

    /// Redis's URL for the product.
    pub fn redis_url(&self) -> String {
        format!("redis://{}/", self.to_redis.addr())
    }

    /// The keys that were deleted from Redis so far.
    pub fn keys_flushed(&self) -> u64 {
        self.redis.keys_flushed()
    }

    /// Whether PostgreSQL has a disk of its own that may be filled.
    pub fn has_own_disk(&self) -> bool {
        self.postgres.has_own_disk()
    }

    pub async fn begin(&mut self, kind: Kind) -> Result<Trouble> {
        let late = |pause| Weather::slow(pause, Duration::ZERO);
        match kind {
            Kind::RedisKilled => self.redis.kill().await?,
            Kind::RedisReset => {
                self.to_redis.refuse(true);
                self.to_redis.cut_all(Ending::Reset);
            }
            Kind::RedisStopped => self.redis.signal(Signal::STOP)?,
            Kind::RedisPaused => self.redis.pause(SHORT).await?,
            Kind::RedisFlushed => {
                return Ok(Trouble::Repeated(self.redis.keep_flushing()));
            }
            Kind::RedisSlow => {
                let way = Direction::ToClient;
                self.to_redis.set_weather(way, late(REDIS_LATE));
            }
            Kind::RedisSilent => {
                self.to_redis
                    .set_weather(Direction::ToClient, Weather::hole());
            }
            Kind::RedisLocked => self.redis.want_password().await?,
            Kind::RedisReadOnly => self.redis.read_only().await?,
            Kind::RedisFull => self.redis.fill().await?,
            Kind::PostgresAway => {
                self.to_postgres.refuse(true);
                self.to_postgres.cut_all(Ending::Reset);
            }
            Kind::PostgresStopped => self.postgres.signal(Signal::STOP)?,
            Kind::PostgresSlow => {
                let way = Direction::ToClient;
                self.to_postgres.set_weather(way, late(POSTGRES_LATE));
            }
            Kind::PostgresCrashes => {
                return Ok(Trouble::Repeated(self.postgres.keep_crashing()));
            }
            Kind::PostgresRestarts => self.postgres.stop_at_once()?,
            Kind::PostgresHangsUp => {
                return Ok(Trouble::Repeated(self.postgres.keep_hanging_up().await?));
            }
            Kind::PostgresLocked => {
                return Ok(Trouble::Locks(self.postgres.lock_all_tables().await?));
            }
            Kind::PostgresDiskFull => {
                return Ok(Trouble::Disk(self.postgres.fill_disk().await?));
            }
            Kind::PostgresReadOnly => self.postgres.set_read_only(true).await?,
            Kind::PostgresFull => {
                // The product's open connections must end, or it would not notice.
                self.to_postgres.refuse(true);
                self.to_postgres.cut_all(Ending::Reset);
                let taken = self.postgres.take_all_connections().await;
                self.to_postgres.refuse(false);
                return Ok(Trouble::Connections(taken?));
            }
            Kind::Simulator(_) | Kind::KosRefuses | Kind::KosSilent => {}
        }
        Ok(Trouble::None)
    }

    pub async fn end(&mut self, kind: Kind) -> Result<()> {
        match kind {
            Kind::RedisKilled => self.redis.start_again().await?,
            Kind::RedisStopped => self.redis.signal(Signal::CONT)?,
            Kind::RedisLocked | Kind::RedisReadOnly | Kind::RedisFull => self.redis.mend().await?,
            Kind::PostgresStopped => self.postgres.signal(Signal::CONT)?,
            Kind::PostgresRestarts => self.postgres.start_again().await?,
            Kind::PostgresReadOnly => self.postgres.set_read_only(false).await?,
            _ => {}
        }
        self.to_redis.calm();
        self.to_postgres.calm();
        Ok(())
    }
}

/// A fault proxy in front of an address.
pub fn proxy(upstream: SocketAddr, protocol: Protocol) -> Result<FaultProxy> {
    Ok(FaultProxy::start(upstream, protocol, SEED)?)
}
