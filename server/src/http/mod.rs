//! The gateway: one entry for browsers and API clients.
//!
//! ```text
//! compression
//!     → every answer (request id, log, security headers, problem bodies and pages, panics, methods)
//!         ├─ admission (schema, shield, CSRF, body, places, time, session, rates, access table)
//!         │      → pages and /rpc (Leptos) · forms · /api/v1
//!         └─ health · assets · speculation rules
//! ```
//!
//! It holds no business rule: every handler unpacks a request, calls one port and packs the
//! answer.

mod accept_encoding;
mod access;
mod access_log;
mod admin;
mod admission;
mod api;
mod assets;
mod client_ip;
mod compression;
mod connection;
mod cookies;
mod credentials;
mod csrf;
mod device;
mod every_answer;
mod flash;
mod forms;
mod health;
mod language;
mod limits;
mod methods;
mod metrics;
mod own_path;
mod pages;
mod panic;
mod path_id;
mod problem_response;
mod rate_limit;
mod request_id;
mod router;
mod rpc;
mod security_headers;
mod serve;
mod session;
mod speculation;
mod write_timeout;

pub use admin::admin_router;
pub use health::{CacheHealth, Health, HealthProbe};
pub use metrics::{Metrics, Refresh};
pub use rate_limit::{Answered, Ask, Decision, Limit, Quota, RateLimiter, SharedBuckets};
pub use router::router;
pub use serve::{Serving, serve};

use crate::{auth::IdHasher, clock::Clock, config::HttpConfig, ids::Ids};
use app::ssr::{AuthPort, BillPort, ProductPort};
use cookies::Cookies;
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

/// The gateway as its handlers and layers share it: each of them holds one, so a clone is one
/// reference.
#[derive(Clone)]
pub struct Gateway(Arc<GatewayParts>);

impl From<GatewayParts> for Gateway {
    fn from(parts: GatewayParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Gateway {
    /// The cookies of this deployment.
    fn cookies(&self) -> Cookies {
        Cookies::new(self.http.secure_cookies)
    }
}

impl Deref for Gateway {
    type Target = GatewayParts;

    fn deref(&self) -> &GatewayParts {
        &self.0
    }
}

/// What the gateway needs; built by `bootstrap`, or with other ports by a test.
pub struct GatewayParts {
    pub auth: Arc<dyn AuthPort>,
    pub bill: Arc<dyn BillPort>,
    pub product: Arc<dyn ProductPort>,
    pub health: HealthProbe,
    /// Whether the schema is known to be one that this program fits; until then nobody is served.
    pub schema_fits: watch::Receiver<bool>,
    pub metrics: Metrics,
    pub http: HttpConfig,
    pub rates: RateLimiter,
    /// What turns a login id into the key it is counted under.
    pub login_ids: IdHasher,
    /// Scheme, host and port as browsers see them.
    pub origin: String,
    pub clock: Clock,
    pub ids: Ids,
}
