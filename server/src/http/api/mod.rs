//! The REST API of `docs/api.md`: under `/api/v1`, described by `/api/openapi.json`.
//!
//! Router and document come from one declaration (`utoipa-axum`); who may use an operation and
//! which problems it answers stand in [`ROUTES`].

mod auth;
mod bill;
mod openapi;
mod product;
mod query;
mod routes;
mod strict_json;

pub(super) use routes::ROUTES;

use super::Gateway;
use axum::{Router, response::IntoResponse, routing::get};
use http::{HeaderValue, header};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every operation and the document.
pub(super) fn router(gateway: Gateway) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::frame(&gateway))
        .nest("/api/v1", operations())
        .split_for_parts();
    let document = openapi::complete(document).to_json().unwrap_or_default();
    router
        .route(
            "/api/openapi.json",
            get(move || {
                let kind = HeaderValue::from_static("application/json");
                let answer = ([(header::CONTENT_TYPE, kind)], document.clone()).into_response();
                async move { answer }
            }),
        )
        .with_state(gateway)
}

fn operations() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(auth::login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::user_info))
        .routes(routes!(auth::check_permission))
        .routes(routes!(auth::sessions))
        .routes(routes!(auth::end_session))
        .routes(routes!(bill::menu))
        .routes(routes!(bill::inquire))
        .routes(routes!(bill::history))
        .routes(routes!(product::menu))
        .routes(routes!(product::options))
        .routes(routes!(product::check))
        .routes(routes!(product::request))
        .routes(routes!(product::status))
        .routes(routes!(product::history))
}
