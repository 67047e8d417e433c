//! Limits how many connections to a neighbour are being made at once.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::Semaphore;
use tower::{Layer, Service};

/// Lets a fixed number of connection attempts run at once; the others wait their turn.
///
/// A caller that gets a freed connection abandons its own attempt; the HTTP library finishes it,
/// and no bulkhead counts it. This layer does.
#[derive(Clone, Debug)]
pub struct Dialling(Arc<Semaphore>);

impl Dialling {
    /// `most` at once, over everything built with this layer.
    pub fn at_most(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }
}

impl<S> Layer<S> for Dialling {
    type Service = Dialler<S>;

    fn layer(&self, connector: S) -> Dialler<S> {
        Dialler {
            connector,
            turns: self.0.clone(),
        }
    }
}

/// Connects when its turn comes.
#[derive(Clone, Debug)]
pub struct Dialler<S> {
    connector: S,
    turns: Arc<Semaphore>,
}

impl<S, R> Service<R> for Dialler<S>
where
    S: Service<R> + Clone + Send + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        // The service that is ready moves into the future; a copy stays.
        let copy = self.connector.clone();
        let mut connector = std::mem::replace(&mut self.connector, copy);
        let turns = self.turns.clone();
        Box::pin(async move {
            // Never closed, so every attempt gets a turn. Waiting for it counts towards the connect
            // time-out.
            let _turn = turns.acquire_owned().await.ok();
            connector.call(target).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Dialling;
    use futures::future::join_all;
    use std::{
        convert::Infallible,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };
    use tokio::task::yield_now;
    use tower::{Layer, Service, service_fn};

    /// How many of ten attempts ran at once.
    async fn at_once(most: usize) -> usize {
        let (running, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let seen = peak.clone();
        let connector = service_fn(move |()| {
            let (running, peak) = (running.clone(), peak.clone());
            async move {
                peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, Infallible>(())
            }
        });
        let mut dialler = Dialling::at_most(most).layer(connector);
        join_all((0..10).map(|_| dialler.call(()))).await;
        seen.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn no_more_attempts_run_at_once_and_all_have_their_turn() {
        for most in [1, 3, 10] {
            assert_eq!(at_once(most).await, most);
        }
    }
}
