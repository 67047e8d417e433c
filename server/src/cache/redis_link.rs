//! The connection to Redis, kept up by a background task.
//!
//! redis's `ConnectionManager` connects inside the command that finds the connection gone, which
//! cost seconds when Redis was killed, and it stays broken after a refused login. Here a command
//! either has a live connection or fails at once; connecting and waiting happen in the background.

use crate::error::Chain;
use redis::{
    AsyncConnectionConfig, Client, Cmd, CommandCacheConfig, FromRedisValue, IntoConnectionInfo,
    ProtocolVersion, RedisError,
    aio::MultiplexedConnection,
    caching::{CacheConfig, CacheMode},
};
use std::{
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A connection that has lived so long is back for good. One to a Redis that is read-only also answers at
/// first, and is given up at the first write.
const STEADY: Duration = Duration::from_secs(10);
/// How often the connection is probed, used or not.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// The connection is given up after this many commands in a row without an answer in time.
const SLOW_COMMANDS: u32 = 3;

/// Why a command has no answer.
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

/// One multiplexed connection that reconnects by itself.
pub struct RedisLink {
    shared: Arc<Shared>,
    operation_timeout: Duration,
    keeper: JoinHandle<()>,
}

struct Shared {
    live: Mutex<Option<Live>>,
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    /// Commands in a row without an answer in time. Each connection has its own counter, so that late
    /// time-outs of the previous one do not count against it.
    slow: Arc<AtomicU32>,
    /// Told once it is given up. Each connection has its own, so that nothing told of the previous one
    /// ends it.
    lost: Arc<Notify>,
    /// It was given up because Redis takes no writes, so the next one may not be better.
    read_only: Arc<AtomicBool>,
}

impl Live {
    /// Redis itself has answered.
    fn answered(&self) {
        self.slow.store(0, Ordering::Relaxed);
    }

    /// An answer did not come in time. `true`: one too many.
    fn kept_waiting(&self) -> bool {
        self.slow.fetch_add(1, Ordering::Relaxed) + 1 >= SLOW_COMMANDS
    }
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

    /// The same, with answers to [`Self::run_tracked`] kept in this process, for `tracked_for` at
    /// most and until Redis reports that the key has changed. They are lost with the connection.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn tracking(
        url: &str,
        operation_timeout: Duration,
        tracked_for: Duration,
    ) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let settings = info.redis_settings().clone();
        // Redis reports changes over the same connection, which RESP2 cannot do.
        let info = info.set_redis_settings(settings.set_protocol(ProtocolVersion::RESP3));
        let tracking = CacheConfig::new()
            .set_mode(CacheMode::OptIn)
            .set_default_client_ttl(tracked_for);
        let config = connection_config(operation_timeout).set_cache_config(tracking);
        Ok(Self::start(Client::open(info)?, config, operation_timeout))
    }

    fn start(client: Client, config: AsyncConnectionConfig, operation_timeout: Duration) -> Self {
        let shared = Arc::new(Shared {
            live: Mutex::new(None),
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
    ///
    /// # Errors
    /// [`RedisTrouble`]
    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisTrouble> {
        let mut live = self.shared.slot().clone().ok_or(RedisTrouble::Away)?;
        let answer = self.ask(&mut live, command).await?;
        live.answered();
        Ok(answer)
    }

    /// The same for a command whose answer may be kept in this process. Such an answer proves nothing
    /// about Redis, so it does not end a row of slow ones.
    ///
    /// # Errors
    /// [`RedisTrouble`]
    pub async fn run_tracked<T: FromRedisValue>(
        &self,
        command: &mut Cmd,
    ) -> Result<T, RedisTrouble> {
        command.set_cache_config(CommandCacheConfig::new().set_enable_cache(true));
        let mut live = self.shared.slot().clone().ok_or(RedisTrouble::Away)?;
        self.ask(&mut live, command).await
    }

    async fn ask<T: FromRedisValue>(
        &self,
        live: &mut Live,
        command: &Cmd,
    ) -> Result<T, RedisTrouble> {
        let answer = command.query_async(&mut live.connection);
        match timeout(self.operation_timeout, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) if !error.is_timeout() => {
                // READONLY: the primary moved; the name may resolve to the new one.
                let read_only = error.code() == Some("READONLY");
                if error.is_unrecoverable_error() || read_only {
                    live.read_only.store(read_only, Ordering::Relaxed);
                    self.shared.give_up(live);
                }
                Err(RedisTrouble::Refused(error))
            }
            // The connection's own time-out is the same; either may notice first.
            Ok(Err(_)) | Err(_) => {
                if live.kept_waiting() {
                    self.shared.give_up(live);
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
            given_up.lost.notify_one();
        }
    }
}

/// Returns once the connection is found broken or too slow. Answers kept in the process need no
/// connection, so without a probe nobody would notice that invalidations no longer arrive.
async fn broken(mut live: Live) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        match redis::cmd("PING").exec_async(&mut live.connection).await {
            Ok(()) => live.answered(),
            Err(error) if error.is_timeout() && !live.kept_waiting() => {}
            Err(_) => return,
        }
    }
}

fn connection_config(operation_timeout: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(operation_timeout))
}

/// Connects, publishes the connection, waits until it is given up, and starts again.
async fn keep_connected(client: Client, config: AsyncConnectionConfig, shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    // One line when it goes and one when it is back for good, however often it comes and goes.
    let mut told_away = false;
    loop {
        match connect(&client, &config).await {
            Ok(connection) => {
                let live = Live {
                    connection,
                    slow: Arc::default(),
                    lost: Arc::default(),
                    read_only: Arc::default(),
                };
                let read_only = live.read_only.clone();
                *shared.slot() = Some(live.clone());
                if !told_away {
                    tracing::info!("redis is connected");
                }
                let mut ends = pin!(ends(live, &shared));
                if timeout(STEADY, &mut ends).await.is_err() {
                    if told_away {
                        tracing::info!("redis is connected");
                    }
                    (pause, told_away) = (FIRST_PAUSE, false);
                    ends.await;
                }
                if !read_only.load(Ordering::Relaxed) {
                    pause = FIRST_PAUSE;
                }
                if !told_away {
                    tracing::warn!("redis is lost; doing without until it is back");
                }
            }
            Err(error) if !told_away => {
                tracing::warn!(error = %Chain(&error), "redis cannot be reached; trying on");
            }
            Err(_) => {}
        }
        told_away = true;
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns once the connection is given up, or found broken.
async fn ends(live: Live, shared: &Shared) {
    let lost = live.lost.clone();
    tokio::select! {
        () = lost.notified() => {}
        () = broken(live) => *shared.slot() = None,
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
