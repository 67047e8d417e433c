//! The REST API of `api.md`.

use super::Gateway;
use app::routes::Access;
use axum::Router;

/// Method, template and access of every operation.
pub(super) const ROUTES: &[(&str, &str, Access)] = &[];

pub(super) fn router(_: Gateway) -> Router {
    Router::new()
}
