//! The connection to Redis, kept by a task of its own.
//!
//! redis's `ConnectionManager` connects inside the command that finds the connection gone, which
//! cost seconds when Redis was killed, and it stays broken after a refused login. Here a command
//! either has a live connection or fails at once; connecting and waiting happen beside it.

use crate::error::Chain;
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo, ProtocolVersion,
    RedisError,
    aio::MultiplexedConnection,
    caching::{CacheConfig, CacheMode},
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A change that Redis could not tell of, on a way that swallows everything, is noticed by then.
const TRACKED_FOR: Duration = Duration::from_secs(60);
/// How often a connection is looked at that nobody uses.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// So many commands in a row without an answer in time, and the connection is given up.
const SLOW_COMMANDS: u32 = 3;

/// Why a command brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum RedisTrouble {
    #[error("there is no connection")]
    Away,
    #[error("no answer in time")]
    Slow,
    #[error("the command was refused")]
    Refused(#[source] RedisError),
}

impl RedisTrouble {
    /// In a word, for the metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Slow => "slow",
            Self::Refused(_) => "refused",
        }
    }
}

/// One multiplexed connection that comes back by itself.
pub struct RedisLink {
    shared: Arc<Shared>,
    operation_timeout: Duration,
    keeper: JoinHandle<()>,
}

struct Shared {
    live: Mutex<Option<Live>>,
    lost: Notify,
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    /// Commands in a row without an answer in time. The connection's own counter, so that late
    /// time-outs of the one before say nothing about this one.
    slow: Arc<AtomicU32>,
}

impl RedisLink {
    /// Starts connecting and returns at once. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn open(url: &str, operation_timeout: Duration) -> Result<Self, RedisError> {
        let config = connection_config(operation_timeout);
        Ok(Self::start(Client::open(url)?, config, operation_timeout))
    }

    /// The same, with answers kept in this process too: those of commands that ask for it, for
    /// [`TRACKED_FOR`] at most, and until Redis says that the key has changed. A connection that is
    /// lost takes them along.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn tracking(url: &str, operation_timeout: Duration) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let settings = info.redis_settings().clone();
        // Redis tells of changes over the same connection, which RESP2 cannot do.
        let info = info.set_redis_settings(settings.set_protocol(ProtocolVersion::RESP3));
        let tracking = CacheConfig::new()
            .set_mode(CacheMode::OptIn)
            .set_default_client_ttl(TRACKED_FOR);
        let config = connection_config(operation_timeout).set_cache_config(tracking);
        Ok(Self::start(Client::open(info)?, config, operation_timeout))
    }

    fn start(client: Client, config: AsyncConnectionConfig, operation_timeout: Duration) -> Self {
        let shared = Arc::new(Shared {
            live: Mutex::new(None),
            lost: Notify::new(),
        });
        let keeper = tokio::spawn(keep_connected(client, config, shared.clone()));
        Self {
            shared,
            operation_timeout,
            keeper,
        }
    }

    pub fn is_up(&self) -> bool {
        self.shared.slot().is_some()
    }

    /// Runs one command within the operation time-out.
    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisTrouble> {
        let mut live = self.shared.slot().clone().ok_or(RedisTrouble::Away)?;
        let answer = command.query_async(&mut live.connection);
        match timeout(self.operation_timeout, answer).await {
            Ok(Ok(answer)) => {
                live.slow.store(0, Ordering::Relaxed);
                Ok(answer)
            }
            Ok(Err(error)) if !error.is_timeout() => {
                // READONLY: the primary moved, the name may lead to the new one.
                if error.is_unrecoverable_error() || error.code() == Some("READONLY") {
                    self.shared.give_up(&live);
                }
                Err(RedisTrouble::Refused(error))
            }
            // The connection's own time-out is the same; either may notice first.
            Ok(Err(_)) | Err(_) => {
                if live.slow.fetch_add(1, Ordering::Relaxed) + 1 >= SLOW_COMMANDS {
                    self.shared.give_up(&live);
                }
                Err(RedisTrouble::Slow)
            }
        }
    }
}

impl Drop for RedisLink {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl Shared {
    fn slot(&self) -> MutexGuard<'_, Option<Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_up(&self, given_up: &Live) {
        let mut live = self.slot();
        if live
            .as_ref()
            .is_some_and(|live| Arc::ptr_eq(&live.slow, &given_up.slow))
        {
            *live = None;
            self.lost.notify_one();
        }
    }
}

/// Returns once the connection is found broken: answers kept in the process need no connection, so
/// without a look now and then nobody would notice that Redis can tell of no change any more.
async fn broken(mut connection: MultiplexedConnection) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let beat = redis::cmd("PING").exec_async(&mut connection).await;
        if beat.is_err_and(|error| !error.is_timeout()) {
            return;
        }
    }
}

fn connection_config(operation_timeout: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(operation_timeout))
}

/// Connects, hands the connection out, waits until it is given up, and again.
async fn keep_connected(client: Client, config: AsyncConnectionConfig, shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    let mut told = false;
    loop {
        match connect(&client, &config).await {
            Ok(connection) => {
                tracing::info!("redis is connected");
                (pause, told) = (FIRST_PAUSE, false);
                let live = Live {
                    connection,
                    slow: Arc::default(),
                };
                *shared.slot() = Some(live.clone());
                tokio::select! {
                    () = shared.lost.notified() => {}
                    () = broken(live.connection) => *shared.slot() = None,
                }
                tracing::warn!("redis is lost; doing without until it is back");
            }
            Err(error) => {
                if !told {
                    tracing::warn!(error = %Chain(&error), "redis cannot be reached; trying on");
                    told = true;
                }
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// A connection that has answered: an accepted socket may belong to a process that hangs.
async fn connect(
    client: &Client,
    config: &AsyncConnectionConfig,
) -> Result<MultiplexedConnection, RedisError> {
    let mut connection = client
        .get_multiplexed_async_connection_with_config(config)
        .await?;
    redis::cmd("PING").exec_async(&mut connection).await?;
    Ok(connection)
}
