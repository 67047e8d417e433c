//! One line and one count per request: method, route template, status, duration.
//!
//! Never the path or the query as sent: they carry ids, and whatever a stranger types.

use super::{Gateway, methods};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Logs and counts the request once it is answered.
pub(super) async fn record(
    State(gateway): State<Gateway>,
    request: Request,
    next: Next,
) -> Response {
    let method = methods::known(request.method()).unwrap_or("OTHER");
    let route = route(&request);
    let started = gateway.clock.monotonic();
    let response = next.run(request).await;
    let took = gateway.clock.monotonic().saturating_sub(started);
    let status = response.status().as_u16();
    let span = tracing::Span::current();
    span.set_attribute("http.request.method", method);
    span.set_attribute("http.route", route.clone());
    span.set_attribute("http.response.status_code", i64::from(status));
    tracing::info!(method, route, status, ms = took.as_millis(), "request");
    gateway.metrics.answered(method, &route, status, took);
    response
}

/// The template; a folder of assets counts as one.
fn route(request: &Request) -> String {
    let template = request.extensions().get::<MatchedPath>();
    let template = template.map_or("unmatched", MatchedPath::as_str);
    let folder = template.split("{*").next().unwrap_or_default();
    folder.to_owned()
}
