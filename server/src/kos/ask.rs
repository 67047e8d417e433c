//! The common part of inquiries and requests to KOS.

use super::{Failure, KosError, call::refused, client::Shared, ended::Ended};
use crate::{
    ids::Ids,
    resilience::{Breaker, Refused},
    telemetry::traceparent,
};
use http::StatusCode;
use reqwest::{Method, Request, RequestBuilder};
use serde::Serialize;
use std::{
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Sleep, sleep};

const SERVICE_NAME: &str = "MVNO-PHONEBILL";
/// The longest random pause before a failed inquiry is retried.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

impl Shared {
    /// Asks, and retries once if the failure was transient and the budget allows it, all within the
    /// deadline of one inquiry.
    pub(super) async fn inquire<T>(
        &self,
        breaker: &Breaker,
        request: Request,
        read: impl Fn(StatusCode, &[u8]) -> Result<T, KosError>,
    ) -> Result<T, KosError> {
        let again = request.try_clone();
        // Boxed, so that cache hits do not carry the state of two calls.
        let asking = Box::pin(async {
            // Both attempts end by themselves at the same moment: if cut short from outside, the
            // second one would not be counted.
            let mut deadline = pin!(self.inquiries.deadline());
            let asked = self.ask(breaker, request, deadline.as_mut(), &read).await;
            if !matches!(asked, Err(Ended::NotSent(_))) {
                self.retries.earn();
            }
            let (ended, again) = match (asked, again) {
                (Err(ended), Some(again)) if ended.is_passing() && self.retries.take() => {
                    (ended, again)
                }
                (asked, _) => return asked,
            };
            tokio::select! {
                biased;
                () = deadline.as_mut() => return Err(ended),
                () = sleep(pause(&self.ids)) => {}
            }
            self.ask(breaker, again, deadline.as_mut(), &read).await
        });
        asking.await.map_err(Ended::into_error)
    }

    async fn ask<T>(
        &self,
        breaker: &Breaker,
        request: Request,
        deadline: Pin<&mut Sleep>,
        read: impl FnOnce(StatusCode, &[u8]) -> Result<T, KosError>,
    ) -> Result<T, Ended> {
        // Checked before a place is requested: while KOS is away nobody queues.
        breaker
            .peek()
            .map_err(|open| Ended::NotSent(self.turned_away(breaker, open)))?;
        let admission = async { breaker.admit().map_err(refused) };
        self.inquiries
            .call(breaker.name(), deadline, admission, request, read)
            .await
    }

    pub(super) fn turned_away(&self, breaker: &Breaker, open: Refused) -> KosError {
        let error = refused(open);
        self.metrics.ended(breaker.name(), error.word(), None);
        error
    }

    pub(super) fn post(
        &self,
        path: &str,
        request_id: &str,
        body: &impl Serialize,
    ) -> Result<Request, KosError> {
        let request = self.request(Method::POST, path, request_id).json(body);
        build(request)
    }

    pub(super) fn get(&self, path: &str, request_id: &str) -> Result<Request, KosError> {
        build(self.request(Method::GET, path, request_id))
    }

    fn request(&self, method: Method, path: &str, request_id: &str) -> RequestBuilder {
        let request = self
            .inquiries
            .http
            .request(method, format!("{}{path}", self.base))
            .header("X-Service-Name", SERVICE_NAME)
            .header("X-Request-ID", request_id);
        match traceparent() {
            Some(parent) => request.header("traceparent", parent),
            None => request,
        }
    }
}

/// Calls that failed together do not come back together.
fn pause(ids: &Ids) -> Duration {
    LONGEST_PAUSE.mul_f64(ids.fraction())
}

fn build(request: RequestBuilder) -> Result<Request, KosError> {
    request
        .build()
        .map_err(|error| KosError::Failed(Failure::Request(Arc::new(error.without_url()))))
}

#[cfg(test)]
mod tests {
    use super::pause;
    use crate::{clock::Clock, ids::Ids};

    #[test]
    fn a_pause_is_anything_up_to_the_longest() {
        let ids = Ids::seeded(7, Clock::manual(0));
        let pauses: Vec<_> = (0..200).map(|_| pause(&ids).as_micros()).collect();
        let (least, most) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
        assert!(*least < 5_000, "{least}");
        assert!((95_000..100_000).contains(most), "{most}");
    }
}
