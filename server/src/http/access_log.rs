//! One line and one count per request: method, route template, status, duration.
//!
//! Never the path or the query as sent: they may hold ids, or anything a stranger types.

use super::{Gateway, methods};
use axum::extract::{MatchedPath, Request};
use http::StatusCode;
use std::time::Duration;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// A request that is being answered.
pub(super) struct Entry {
    method: &'static str,
    template: Option<MatchedPath>,
    /// On the monotonic clock.
    began: Duration,
}

impl Entry {
    pub(super) fn begin(gateway: &Gateway, request: &Request) -> Self {
        Self {
            method: methods::known(request.method()).unwrap_or("OTHER"),
            template: request.extensions().get().cloned(),
            began: gateway.clock.monotonic(),
        }
    }

    /// Logs and counts it; `span` is that of the request.
    pub(super) fn end(self, gateway: &Gateway, span: &Span, status: StatusCode) {
        let took = gateway.clock.monotonic().saturating_sub(self.began);
        let (method, route, status) = (self.method, self.route(), status.as_u16());
        span.set_attribute("http.request.method", method);
        span.set_attribute("http.route", route.to_owned());
        span.set_attribute("http.response.status_code", i64::from(status));
        tracing::info!(method, route, status, ms = took.as_millis(), "request");
        gateway.metrics.answered(method, route, status, took);
    }

    /// The template; a folder of assets counts as one.
    fn route(&self) -> &str {
        let template = self.template.as_ref();
        let template = template.map_or("unmatched", MatchedPath::as_str);
        template.split("{*").next().unwrap_or_default()
    }
}
