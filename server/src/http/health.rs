//! Whether this replica lives, and whether it is ready for customers.

use super::{Gateway, methods};
use crate::{kos::KosHealth, resilience::BreakerState};
use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use futures::future::BoxFuture;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// The state of the replica and of what it depends on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Whether every database answers.
    pub database: bool,
    /// Whether their schema is what this release needs.
    pub schema: bool,
    /// Whether the replica is about to stop.
    pub draining: bool,
    /// KOS's breakers; reported, never a reason to be unready: every other screen works without KOS.
    pub kos: KosHealth,
    /// The cache; reported only: without it everything is slower, and works.
    pub cache: CacheHealth,
}

/// The state of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CacheHealth {
    /// Whether all replicas see one cache.
    pub shared: bool,
    /// Whether it answers at the moment.
    pub answers: bool,
}

/// Asks for the present state.
pub type HealthProbe = Arc<dyn Fn() -> BoxFuture<'static, Health> + Send + Sync>;

#[derive(Serialize)]
struct Readiness<T> {
    status: &'static str,
    #[serde(flatten)]
    health: T,
}

/// What anybody may see: of KOS's breakers only their state.
#[derive(Serialize)]
struct PublicHealth {
    database: bool,
    schema: bool,
    draining: bool,
    kos: Breakers,
    cache: CacheHealth,
}

#[derive(Serialize)]
struct Breakers {
    operations: Vec<BreakerSummary>,
}

#[derive(Serialize)]
struct BreakerSummary {
    name: &'static str,
    state: BreakerState,
}

impl From<Health> for PublicHealth {
    fn from(health: Health) -> Self {
        let operations = health.kos.operations.iter();
        let operations = operations.map(|breaker| BreakerSummary {
            name: breaker.name,
            state: breaker.state,
        });
        Self {
            database: health.database,
            schema: health.schema,
            draining: health.draining,
            kos: Breakers {
                operations: operations.collect(),
            },
            cache: health.cache,
        }
    }
}

/// `GET /health/live`, `GET /health/ready` of the public address.
pub(super) fn router(gateway: &Gateway) -> Router {
    routes(gateway, get(ready::<PublicHealth>))
}

/// The same of the admin address, with the counters of the breakers.
pub(super) fn admin_router(gateway: &Gateway) -> Router {
    routes(gateway, get(ready::<Health>))
}

fn routes(gateway: &Gateway, ready: MethodRouter<HealthProbe>) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", ready)
        .method_not_allowed_fallback(methods::not_allowed)
        .with_state(gateway.health.clone())
}

/// Answering at all is the answer.
async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "live" }))
}

async fn ready<T: From<Health> + Serialize>(State(probe): State<HealthProbe>) -> Response {
    let health = probe().await;
    let (code, status) = if health.database && health.schema && !health.draining {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unready")
    };
    let health = T::from(health);
    (code, Json(Readiness { status, health })).into_response()
}
