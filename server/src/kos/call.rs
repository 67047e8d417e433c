//! One call on the wire: deadline → place → breaker → quota → connection → whole body.

use super::{Failure, KosError, NotSent, ended::Ended, envelope::bad};
use crate::{
    clock::Clock,
    metrics::CallMetrics,
    resilience::{Places, Quota, Refused, Ticket},
};
use bytes::BytesMut;
use http::StatusCode;
use reqwest::{Client, Request, Response};
use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::time::{Sleep, sleep};
use tracing::Instrument;

/// `Retry-After` in seconds when all places were taken: a call takes a few at most.
const RETRY_WHEN_FULL_S: u32 = 1;
/// `Retry-After` in seconds when there was no connection.
const RETRY_WHEN_AWAY_S: u32 = 5;

/// A lane to KOS with its own connections, places and deadline.
pub(super) struct Lane {
    pub(super) http: Client,
    pub(super) places: Places,
    /// Covers everything: place, connection, headers and whole body; for an inquiry, both attempts.
    pub(super) patience: Duration,
    /// Longest answer read, in bytes.
    pub(super) body_limit: usize,
    /// Shared by all lanes.
    pub(super) quota: Arc<Quota>,
    pub(super) metrics: CallMetrics,
    pub(super) clock: Clock,
}

impl Lane {
    /// Passes when what begins now must have ended.
    pub(super) fn deadline(&self) -> Sleep {
        sleep(self.patience)
    }

    /// Sends `request` once, if `admission` allows it, and reads the answer with `read`, all before
    /// `deadline` passes.
    pub(super) async fn call<T>(
        &self,
        operation: &'static str,
        deadline: impl Future<Output = ()>,
        admission: impl Future<Output = Result<Ticket, KosError>>,
        request: Request,
        read: impl FnOnce(StatusCode, &[u8]) -> Result<T, KosError>,
    ) -> Result<T, Ended> {
        let sent_at = OnceLock::new();
        let work = async {
            let place = self.places.take().await;
            let _place = place.ok_or_else(|| Ended::NotSent(no_place()))?;
            let ticket = admission.await.map_err(Ended::NotSent)?;
            // Last, so that only calls that are sent use up the quota.
            if let Err(wait) = self.quota.take(&self.clock) {
                ticket.unused();
                return Err(spent(wait));
            }
            sent_at.get_or_init(|| self.clock.monotonic());
            // A deadline or a caller that leaves drops `ticket` here: a failure.
            let result = match self.exchange(request).await {
                Ok((status, body)) => read(status, &body).map_err(Ended::Sent),
                Err(ended) => Err(ended),
            };
            if let Err(ended) = &result
                && let Some(alarm) = ended.alarm()
            {
                tracing::error!(error = ?ended.error(), "{alarm}");
            }
            if result.as_ref().is_err_and(Ended::is_failure) {
                ticket.failed();
            } else {
                ticket.succeeded();
            }
            result
        };
        let work = Box::pin(work.instrument(tracing::error_span!("kos", operation)));
        let result = tokio::select! {
            biased;
            result = work => result,
            () = deadline => match sent_at.get() {
                Some(_) => Err(Ended::Sent(KosError::Timeout)),
                None => Err(Ended::NotSent(KosError::Timeout)),
            },
        };
        // A call that was not sent says nothing about how long KOS takes.
        let sent_at = sent_at
            .get()
            .filter(|_| !matches!(result, Err(Ended::NotSent(_))));
        let took = sent_at.map(|sent| self.clock.monotonic().saturating_sub(*sent));
        let error = result.as_ref().err().map(Ended::error);
        self.metrics
            .ended(operation, error.map_or("ok", KosError::word), took);
        result
    }

    async fn exchange(&self, request: Request) -> Result<(StatusCode, BytesMut), Ended> {
        let response = self.http.execute(request).await.map_err(|error| {
            let cause = Arc::new(error.without_url());
            if cause.is_connect() {
                Ended::NotSent(KosError::Unavailable {
                    why: NotSent::NoConnection(cause),
                    retry_after_s: RETRY_WHEN_AWAY_S,
                })
            } else {
                Ended::Sent(KosError::Failed(Failure::Connection(cause)))
            }
        })?;
        let status = response.status();
        let body = self.body(response).await.map_err(Ended::Sent)?;
        Ok((status, body))
    }

    async fn body(&self, mut response: Response) -> Result<BytesMut, KosError> {
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.body_limit => {
                    return Err(bad("the body is too long"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body),
                Err(_) => return Err(bad("the body ends early")),
            }
        }
    }
}

/// The breaker's refusal in KOS's terms.
pub(super) fn refused(refused: Refused) -> KosError {
    let seconds = refused.retry_after.as_secs_f64().ceil().max(1.0);
    KosError::Unavailable {
        why: NotSent::BreakerOpen,
        retry_after_s: seconds as u32,
    }
}

fn spent(wait: Duration) -> Ended {
    Ended::NotSent(KosError::Unavailable {
        why: NotSent::QuotaSpent,
        retry_after_s: wait.as_secs_f64().ceil().max(1.0) as u32,
    })
}

/// All places are taken.
pub(super) fn no_place() -> KosError {
    KosError::Unavailable {
        why: NotSent::NoPlace,
        retry_after_s: RETRY_WHEN_FULL_S,
    }
}
