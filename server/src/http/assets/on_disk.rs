//! Assets as `cargo leptos` builds them, for development and tests.

use app::shell::AssetNames;
use axum::Router;
use http::{HeaderValue, header};
use leptos::config::{LeptosOptions, get_configuration};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// The settings of `cargo leptos` from the environment, or its defaults.
pub(in crate::http) fn leptos_options() -> LeptosOptions {
    match get_configuration(None) {
        Ok(file) => file.leptos_options,
        Err(_) => LeptosOptions::builder().output_name("phonebill").build(),
    }
}

/// On disk every file keeps its name.
pub(in crate::http) fn names() -> AssetNames {
    AssetNames::default()
}

/// Everything under the site root.
pub(in crate::http) fn router() -> Router {
    let options = leptos_options();
    let root = options.site_root.to_string();
    // They change under `cargo leptos watch`: stored, but revalidated each time.
    let ask_again = SetResponseHeaderLayer::if_not_present(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    );
    Router::new()
        .nest_service(
            "/pkg",
            ServeDir::new(format!("{root}/{}", options.site_pkg_dir)),
        )
        .nest_service("/fonts", ServeDir::new(format!("{root}/fonts")))
        .nest_service("/docs", ServeDir::new(format!("{root}/docs")))
        .nest_service("/icons", ServeDir::new(format!("{root}/icons")))
        .route_service(
            "/favicon.svg",
            tower_http::services::ServeFile::new(format!("{root}/favicon.svg")),
        )
        .layer(ask_again)
}

/// Whether `cargo leptos watch` is reloading pages.
pub(in crate::http) fn watching() -> bool {
    std::env::var_os("LEPTOS_WATCH").is_some()
}
