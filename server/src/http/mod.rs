//! The gateway: one entry for browsers and API clients.
//!
//! ```text
//! request id → access log → panic → time, body and rate limits → CSRF → session → access table
//!     → pages and /rpc (Leptos) · forms · /api/v1 · health · assets
//! ```
//!
//! It holds no logic of its own: every handler unpacks a request, calls one port and packs the
//! answer.

mod access;
mod api;
mod assets;
mod cookies;
mod csrf;
mod flash;
mod forms;
mod pages;
mod problem_response;
mod request_id;
mod router;
mod security_headers;
mod serve;
mod session;

pub use router::router;
pub use serve::serve;

use crate::{
    clock::Clock,
    config::{HttpConfig, LimitsConfig},
    ids::Ids,
};
use app::ssr::{AuthPort, BillPort, ProductPort};
use std::sync::Arc;

/// What the gateway needs; built by `bootstrap`, or with other ports by a test.
#[derive(Clone)]
pub struct Gateway {
    pub auth: Arc<dyn AuthPort>,
    pub bill: Arc<dyn BillPort>,
    pub product: Arc<dyn ProductPort>,
    pub http: HttpConfig,
    pub limits: LimitsConfig,
    /// Scheme, host and port as browsers see them.
    pub origin: String,
    pub clock: Clock,
    pub ids: Ids,
}
