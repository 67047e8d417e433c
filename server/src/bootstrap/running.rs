//! A running product, and how it ends.

use super::Databases;
use crate::{db::SoleProcess, http, http::Serving, tasks::Tasks};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// Between the last connection accepted and the first one closed: the first request of a new connection
/// may still be on its way. A connection with a request is closed by its answer.
const LINGER: Duration = Duration::from_millis(500);

/// How long tasks may run on after the last request.
const TASKS_FINISH: Duration = Duration::from_secs(2);

/// How long closing the databases may take; one that is away does not answer.
const CLOSING: Duration = Duration::from_secs(1);

/// A running product.
pub struct Running {
    pub(super) origin: String,
    pub(super) admin_addr: Option<SocketAddr>,
    pub(super) simulator: Option<simulator::Simulator>,
    pub(super) databases: Databases,
    /// No other server uses our SQLite files.
    pub(super) _file_locks: Vec<SoleProcess>,
    pub(super) tasks: Tasks,
    pub(super) stopping: Stopping,
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
        for server in self.servers {
            if server.await.is_err() {
                tracing::error!("a listener panicked");
            }
        }
        if timeout(TASKS_FINISH, self.tasks.drain()).await.is_err() {
            tracing::warn!("work did not finish in time; another replica, or the next start, does");
        }
        if timeout(CLOSING, self.databases.close()).await.is_err() {
            tracing::warn!("a database did not hang up in time");
        }
        if let Some(simulator) = self.simulator {
            simulator.stop().await;
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
