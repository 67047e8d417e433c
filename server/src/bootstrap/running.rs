//! A running product, and how it ends.

use super::{Databases, preparation::Preparation};
use crate::{db::SoleProcess, http, http::Serving, tasks::Tasks};
use futures::future::join_all;
use std::{net::SocketAddr, pin::pin, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// Between the last connection accepted and the first one closed: the first request of a new connection
/// may still be on its way. A connection with a request is closed by its answer.
const LINGER: Duration = Duration::from_millis(500);

/// What is left for workers to stop, and for other tasks, when requests take all the time there is.
const TASKS_FINISH: Duration = Duration::from_secs(2);

/// How long closing the databases may take; one that is away does not answer.
const CLOSING: Duration = Duration::from_millis(500);

/// A running product.
pub struct Running {
    pub(super) origin: String,
    pub(super) admin_addr: Option<SocketAddr>,
    pub(super) simulator: Option<simulator::Simulator>,
    pub(super) databases: Databases,
    pub(super) preparation: Preparation,
    /// No other server uses our SQLite files.
    pub(super) _file_locks: Vec<SoleProcess>,
    pub(super) tasks: Tasks,
    pub(super) stopping: Stopping,
    /// How long requests and tasks may take to finish, together.
    pub(super) finish: Duration,
    pub(super) servers: Vec<JoinHandle<()>>,
}

/// The steps of stopping, each cancelled in its turn.
#[derive(Default)]
pub(super) struct Stopping {
    /// Readiness says no from here on.
    pub(super) draining: CancellationToken,
    /// The listeners stop accepting from here on.
    pub(super) closing: CancellationToken,
    /// Connections without a request are closed from here on.
    pub(super) ending: CancellationToken,
}

impl Running {
    /// Scheme, host and port as browsers see them.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The admin address, if it is on.
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin_addr
    }

    /// The stand-ins inside this process, if any.
    pub fn simulator(&self) -> Option<&simulator::Simulator> {
        self.simulator.as_ref()
    }

    /// Whether the database was away at the start, so that nobody is served yet.
    pub fn waits(&self) -> bool {
        !self.preparation.is_done()
    }

    /// Waits until customers are served; to be asked once.
    ///
    /// # Errors
    /// What [`start`](super::start()) would have refused, had the database not been away: a schema that is
    /// not current, demo accounts in production. Nobody will be served.
    pub async fn serves(&mut self) -> anyhow::Result<()> {
        self.preparation.done().await
    }

    /// Turns readiness off and serves for another `pause`, so that a load balancer can take this replica
    /// out; then [`Running::stop`].
    pub async fn drain(self, pause: Duration) {
        self.stopping.draining.cancel();
        tokio::time::sleep(pause).await;
        self.stopping.closing.cancel();
        tokio::time::sleep(LINGER).await;
        self.stop().await;
    }

    /// Turns readiness off, accepts nothing more, finishes requests and tasks, closes connections.
    pub async fn stop(self) {
        self.stopping.draining.cancel();
        self.stopping.closing.cancel();
        self.stopping.ending.cancel();
        let mut requests = pin!(join_all(self.servers));
        let alone = self.finish.saturating_sub(TASKS_FINISH);
        let ended = timeout(alone, &mut requests).await;
        // From here on workers stop beside the requests that are left: what they hold must be handed
        // back before the time is over.
        self.tasks.stop();
        let rest = async {
            let ended = match ended {
                Ok(ended) => ended,
                Err(_) => requests.await,
            };
            if ended.iter().any(Result::is_err) {
                tracing::error!("a listener panicked");
            }
            self.tasks.drain().await;
        };
        if timeout(TASKS_FINISH, rest).await.is_err() {
            tracing::warn!("work did not finish in time; another replica, or the next start, does");
        }
        let closed = async {
            self.databases.close().await;
            if let Some(simulator) = self.simulator {
                simulator.stop().await;
            }
        };
        if timeout(CLOSING, closed).await.is_err() {
            tracing::warn!("a database did not hang up in time");
        }
    }
}

pub(super) fn spawn_server(
    listener: TcpListener,
    router: axum::Router,
    serving: Serving,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = http::serve(listener, router, serving).await {
            tracing::error!(%error, "a listener ended");
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{CLOSING, LINGER, TASKS_FINISH};
    use crate::{config::Layers, telemetry};
    use std::time::Duration;

    /// M1: an orchestrator that waits so long never has to kill.
    #[test]
    fn by_default_the_end_takes_twelve_seconds_at_most() {
        let http = Layers::default().finish().unwrap().http;
        let finish = http.drain_timeout.max(TASKS_FINISH);
        let last = telemetry::LAST_SPANS + telemetry::LAST_LINES;
        let end = http.drain_pause + LINGER + finish + CLOSING + last;
        assert!(end <= Duration::from_secs(12), "{end:?}");
    }
}
