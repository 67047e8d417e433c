//! The client of the MVNO AP server: one delivery attempt.

use super::signature::sign;
use crate::{
    clock::Clock, config::MvnoConfig, error::Chain, metrics::CallMetrics,
    resilience::client_builder,
};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use prometheus_client::registry::Registry;
use reqwest::{Client, Response};
use secrecy::SecretString;
use std::{error::Error, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout};

/// The name of a delivery in the metrics.
const OPERATION: &str = "result";
const PATH: &str = "/api/v1/mvno/results";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// An event as it is sent.
pub struct OutgoingEvent {
    /// The same at every attempt.
    pub event_id: String,
    /// Its kind, for the log.
    pub kind: String,
    /// The JSON, exactly as signed and sent; it contains both of the above.
    pub body: String,
}

/// The AP server did not accept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeliveryError {
    /// It answered with another status than 2xx.
    #[error("the AP server answered {status}")]
    Rejected {
        status: u16,
        /// Seconds, from `Retry-After`.
        retry_after: Option<u32>,
    },
    /// It could not be reached, or the connection broke.
    #[error("the AP server cannot be reached")]
    Unavailable(#[source] Arc<dyn Error + Send + Sync>),
    /// It may have accepted it: the next attempt carries the same event id.
    #[error("the AP server did not answer in time")]
    Timeout,
}

impl DeliveryError {
    /// In a word, for the metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::Rejected { .. } => "rejected",
            Self::Unavailable(_) => "unavailable",
            Self::Timeout => "timeout",
        }
    }

    /// Whether the AP server may have seen the event.
    fn was_sent(&self) -> bool {
        match self {
            Self::Rejected { .. } | Self::Timeout => true,
            Self::Unavailable(cause) => !cause
                .downcast_ref::<reqwest::Error>()
                .is_some_and(reqwest::Error::is_connect),
        }
    }

    /// Seconds to wait before the next attempt, if the AP server said so.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Rejected { retry_after, .. } => *retry_after,
            Self::Unavailable(_) | Self::Timeout => None,
        }
    }
}

/// The AP server. Cheap to clone; clones share connections and places.
#[derive(Clone)]
pub struct MvnoClient(Arc<Shared>);

struct Shared {
    http: Client,
    url: String,
    secret: SecretString,
    deadline: Duration,
    places: Semaphore,
    clock: Clock,
    metrics: CallMetrics,
}

impl MvnoClient {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(config: &MvnoConfig, clock: Clock) -> Result<Self, reqwest::Error> {
        let http = client_builder(&config.url, CONNECT_TIMEOUT).build()?;
        Ok(Self(Arc::new(Shared {
            http,
            url: format!("{}{PATH}", config.url),
            secret: config.signing_secret.clone(),
            deadline: config.timeout,
            places: Semaphore::new(config.places),
            clock,
            metrics: CallMetrics::default(),
        })))
    }

    /// Delivers once. Waiting for a place counts towards the deadline.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn deliver(&self, event: &OutgoingEvent) -> Result<(), DeliveryError> {
        let begun = self.0.clock.monotonic();
        let result = timeout(self.0.deadline, self.0.send(event))
            .await
            .unwrap_or(Err(DeliveryError::Timeout));
        let was_sent = result.as_ref().err().is_none_or(DeliveryError::was_sent);
        let took = was_sent.then(|| self.0.clock.monotonic().saturating_sub(begun));
        let word = result.as_ref().map_or_else(DeliveryError::word, |()| "ok");
        self.0.metrics.ended(OPERATION, word, took);
        match &result {
            Ok(()) => tracing::debug!(
                event_id = event.event_id,
                kind = event.kind,
                "result delivered"
            ),
            Err(error) => tracing::info!(
                event_id = event.event_id,
                kind = event.kind,
                error = %Chain(error),
                "result not delivered"
            ),
        }
        result
    }
}

impl MvnoClient {
    /// Registers the metrics of the deliveries.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.0.metrics.register("mvno", [OPERATION], registry);
    }
}

impl Shared {
    async fn send(&self, event: &OutgoingEvent) -> Result<(), DeliveryError> {
        let unavailable = |error: Arc<dyn Error + Send + Sync>| DeliveryError::Unavailable(error);
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|error| unavailable(Arc::new(error)))?;
        let signature = sign(
            &self.secret,
            self.clock.now_ms().div_euclid(1_000),
            &event.body,
        );
        let response = self
            .http
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("X-Signature", signature)
            .body(event.body.clone())
            .send()
            .await
            .map_err(|error| unavailable(Arc::new(error.without_url())))?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(DeliveryError::Rejected {
                status: response.status().as_u16(),
                retry_after: retry_after(&response),
            })
        }
    }
}

/// Only the form in seconds; a date would depend on two clocks being equal.
fn retry_after(response: &Response) -> Option<u32> {
    response
        .headers()
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}
