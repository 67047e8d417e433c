//! Work that must finish.
//!
//! A handler is dropped when it times out or its connection ends, and a database future dropped
//! half-way can poison a pooled connection (`docs/adr/0004`). Whatever writes or sends therefore
//! becomes a task where it first waits, and shutdown waits for it.

use futures::{FutureExt, poll};
use std::{future::Future, panic::AssertUnwindSafe, task::Poll};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

/// The tasks of one running server.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
}

/// The task panicked; the panic itself is in the log.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the task panicked")]
pub struct Panicked;

impl Tasks {
    /// Runs `work` to its end even if the caller is dropped, in the caller's span.
    ///
    /// Work that never waits is done in place. Where it first waits it becomes a task; the caller cannot
    /// be dropped in between.
    ///
    /// # Errors
    /// [`Panicked`] when the work panicked.
    pub fn finish<T, F>(
        &self,
        work: F,
    ) -> impl Future<Output = Result<T, Panicked>> + Send + use<'_, T, F>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        // Boxed here, so that a large future is moved once. A panic may leave the work half done; that
        // is for the work to handle.
        let mut work = Box::pin(AssertUnwindSafe(work).catch_unwind());
        async move {
            let done = match poll!(&mut work) {
                Poll::Ready(done) => done,
                Poll::Pending => self
                    .tracker
                    .spawn(work.in_current_span())
                    .await
                    .map_err(|_| Panicked)?,
            };
            done.map_err(|_| Panicked)
        }
    }

    /// Starts a worker that runs until [`Tasks::stopping`] is cancelled.
    pub fn start(&self, worker: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(worker.in_current_span());
    }

    /// Cancelled at shutdown; workers select on it between two pieces of work.
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Tells the workers to stop; other tasks go on.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Stops the workers and waits until every task has ended.
    pub async fn drain(&self) {
        self.stop();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::Tasks;
    use futures::poll;
    use std::{
        pin::pin,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        task::Poll,
    };
    use tokio::sync::Notify;

    #[tokio::test]
    async fn what_never_waits_needs_no_task() {
        let tasks = Tasks::default();
        let mut finishing = pin!(tasks.finish(async { 7 }));
        assert!(matches!(poll!(&mut finishing), Poll::Ready(Ok(7))));
        let mut waiting = pin!(tasks.finish(std::future::pending::<()>()));
        assert!(poll!(&mut waiting).is_pending());
        assert_eq!(tasks.tracker.len(), 1);
    }

    #[tokio::test]
    async fn what_has_begun_to_wait_is_finished_without_the_caller() {
        let tasks = Tasks::default();
        let (go, done) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let work = {
            let (go, done) = (go.clone(), done.clone());
            async move {
                go.notified().await;
                done.store(true, Ordering::SeqCst);
            }
        };
        {
            let mut finishing = pin!(tasks.finish(work));
            assert!(poll!(&mut finishing).is_pending());
        }
        go.notify_one();
        tasks.drain().await;
        assert!(done.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_panic_is_told_before_and_after_a_wait() {
        let tasks = Tasks::default();
        assert!(tasks.finish(async { panic!("at once") }).await.is_err());
        let later = async {
            tokio::task::yield_now().await;
            panic!("later");
        };
        assert!(tasks.finish(later).await.is_err());
    }
}
