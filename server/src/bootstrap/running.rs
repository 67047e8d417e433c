//! A running product, and how it ends.

use super::Databases;
use crate::{db::SoleProcess, http, http::Serving, tasks::Tasks};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// Between the last connection accepted and the first one closed: a request may be on its way on one
/// that has carried none yet. Each that carries one is ended by its answer.
const LINGER: Duration = Duration::from_millis(500);

/// How long work outside requests may take after the last request: it ran beside them.
const TASKS_FINISH: Duration = Duration::from_secs(2);

/// How long the databases may take to hang up: one that is away does not.
const CLOSING: Duration = Duration::from_secs(1);

/// A running product.
pub struct Running {
    pub(super) origin: String,
    pub(super) admin_addr: Option<SocketAddr>,
    pub(super) simulator: Option<simulator::Simulator>,
    pub(super) databases: Databases,
    /// Nobody else serves from our SQLite files.
    pub(super) _alone: Vec<SoleProcess>,
    pub(super) tasks: Tasks,
    /// Readiness says no from here on.
    pub(super) draining: CancellationToken,
    /// The listeners stop accepting from here on.
    pub(super) closing: CancellationToken,
    /// Connections without a request are closed from here on.
    pub(super) ending: CancellationToken,
    pub(super) servers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Scheme, host and port as browsers see them.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where metrics are, if anywhere.
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin_addr
    }

    /// The stand-ins inside this process, if any was needed.
    pub fn simulator(&self) -> Option<&simulator::Simulator> {
        self.simulator.as_ref()
    }

    /// Readiness off at once; serving goes on for `pause`, so that whoever balances the load can
    /// take this replica out; then [`Running::stop`].
    pub async fn drain(self, pause: Duration) {
        self.draining.cancel();
        tokio::time::sleep(pause).await;
        self.closing.cancel();
        tokio::time::sleep(LINGER).await;
        self.stop().await;
    }

    /// Readiness off, no new connections, requests and tasks finished, connections closed.
    pub async fn stop(self) {
        self.draining.cancel();
        self.closing.cancel();
        self.ending.cancel();
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
