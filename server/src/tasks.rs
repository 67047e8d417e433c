//! Work that must finish.
//!
//! axum drops a handler when its client leaves, and a database future dropped half-way can poison
//! a pooled connection (`docs/adr/0004`). Whatever writes or sends therefore runs as a task of its
//! own, which shutdown waits for.

use std::future::Future;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

/// The tasks of one running server.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
}

/// The task panicked; the panic itself is in the log.
#[derive(Debug, thiserror::Error)]
#[error("the task panicked")]
pub struct Panicked;

impl Tasks {
    /// Runs `work` to its end even if the caller is dropped, in the caller's span.
    ///
    /// # Errors
    /// [`Panicked`] when the work panicked.
    pub async fn finish<T, F>(&self, work: F) -> Result<T, Panicked>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        self.tracker
            .spawn(work.in_current_span())
            .await
            .map_err(|_| Panicked)
    }

    /// Starts a worker that runs until [`Tasks::stopping`] is cancelled.
    pub fn start(&self, worker: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(worker.in_current_span());
    }

    /// Cancelled when the server shuts down; workers select on it between two pieces of work.
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Tells workers to stop and waits until every task has ended.
    pub async fn drain(&self) {
        self.stopping.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
