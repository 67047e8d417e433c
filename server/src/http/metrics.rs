//! The metrics of the gateway, and the text of all metrics in the format of Prometheus.

use futures::future::BoxFuture;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{sync::Arc, time::Duration};

/// The content type of [`Metrics::text`].
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Scrapers give up after ten seconds.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(3);

/// Upper bounds in seconds, around the targets of the product (50 ms, 200 ms, 1 s, 3 s).
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0, 5.0];

/// Updates the values that are read from the database at a scrape.
pub type Refresh = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// The counters of one server. Labels are templates and names only: bounded in number, and free of
/// personal data.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
    refresh: Option<Refresh>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

impl Default for Metrics {
    /// The metrics of the gateway alone.
    fn default() -> Self {
        Self::new(|_| (), None)
    }
}

impl Metrics {
    /// The metrics of the gateway and what `register` adds; `refresh` runs before each scrape.
    pub fn new(register: impl FnOnce(&mut Registry), refresh: Option<Refresh>) -> Self {
        let requests = Family::default();
        let durations =
            Family::<RouteLabels, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        let mut registry = Registry::with_prefix("phonebill");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from the head of the request to the head of the answer",
            Unit::Seconds,
            durations.clone(),
        );
        register(&mut registry);
        Self {
            registry: Arc::new(registry),
            requests,
            durations,
            refresh,
        }
    }

    /// Counts one answered request.
    pub(super) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels {
            method,
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels {
            method,
            route: route.to_owned(),
        };
        self.durations
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
    }

    /// All metrics. If the database does not answer in time, its values are the last ones.
    ///
    /// # Errors
    /// Never for metrics of this type; the encoder's signature requires it.
    pub(super) async fn text(&self) -> Result<String, std::fmt::Error> {
        if let Some(refresh) = &self.refresh
            && tokio::time::timeout(REFRESH_TIMEOUT, refresh())
                .await
                .is_err()
        {
            tracing::warn!("values for the metrics could not be read in time");
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use std::time::Duration;

    #[tokio::test]
    async fn counts_by_route_template() {
        let metrics = Metrics::default();
        metrics.answered(
            "GET",
            "/api/v1/product/request/{requestId}",
            200,
            Duration::from_millis(3),
        );
        metrics.answered(
            "GET",
            "/api/v1/product/request/{requestId}",
            200,
            Duration::from_millis(3),
        );
        let text = metrics.text().await.unwrap();
        let line = "phonebill_http_requests_total{method=\"GET\",\
                    route=\"/api/v1/product/request/{requestId}\",status=\"200\"} 2";
        assert!(text.contains(line), "{text}");
        assert!(
            text.contains("phonebill_http_request_duration_seconds_bucket{le=\"0.005\""),
            "{text}"
        );
    }
}
