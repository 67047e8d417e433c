//! The REST API of `docs/api.md`: under `/api/v1`, described by `/api/openapi.json` for programs and
//! by `/api/docs` for people.
//!
//! Router and document come from one declaration (`utoipa-axum`); who may use an operation and
//! which problems it answers stand in [`ROUTES`].

mod auth;
mod bill;
mod docs;
mod openapi;
mod product;
mod query;
mod routes;
mod strict_json;

pub(super) use routes::ROUTES;

use super::{Gateway, rpc::JSON, security_headers::PageNonce};
use axum::{
    Extension, Router,
    response::{Html, IntoResponse},
    routing::get,
};
use bytes::Bytes;
use docs::DocsPage;
use http::header;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every operation and the document.
pub(super) fn router(gateway: Gateway) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::frame(&gateway))
        .merge(operations())
        .split_for_parts();
    let document = serde_json::to_value(openapi::complete(document)).unwrap_or_default();
    let page = DocsPage::of(&document);
    let json = Bytes::from(document.to_string());
    let kind = [(header::CONTENT_TYPE, JSON)];
    router
        .route(
            "/api/openapi.json",
            get(move || async move { (kind, json).into_response() }),
        )
        .route(
            "/api/docs",
            get(
                move |nonce: Extension<PageNonce>| async move { Html(page.with_nonce(&nonce.0.0)) },
            ),
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
