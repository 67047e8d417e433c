//! Whether this replica lives, and whether it should be sent customers.

use super::Gateway;
use crate::kos::KosHealth;
use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use futures::future::BoxFuture;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// How the replica and what it depends on are.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Whether every database answers.
    pub database: bool,
    /// Whether their schema is what this release needs.
    pub schema: bool,
    /// Whether the replica is about to stop.
    pub draining: bool,
    /// KOS's breakers; told, never a reason to be unready: every other screen works without KOS.
    pub kos: KosHealth,
    /// The cache; told only: without it everything is slower, and works.
    pub cache: CacheHealth,
}

/// How the cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CacheHealth {
    /// Whether all replicas see one cache.
    pub shared: bool,
    /// Whether it can be asked at the moment.
    pub answers: bool,
}

/// Asks how things are, now.
pub type HealthProbe = Arc<dyn Fn() -> BoxFuture<'static, Health> + Send + Sync>;

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    #[serde(flatten)]
    health: Health,
}

/// `GET /health/live`, `GET /health/ready`.
pub(super) fn router(gateway: &Gateway) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .with_state(gateway.health.clone())
}

/// Answering at all is the answer.
async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "live" }))
}

async fn ready(State(probe): State<HealthProbe>) -> Response {
    let health = probe().await;
    let (code, status) = if health.database && health.schema && !health.draining {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unready")
    };
    (code, Json(Readiness { status, health })).into_response()
}
