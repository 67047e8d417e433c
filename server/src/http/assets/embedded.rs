//! Assets inside the binary: names change with the content, brotli was done at build time.

use crate::http::accept_encoding::weight;
use app::shell::AssetNames;
use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::config::LeptosOptions;
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

/// The folder `cargo xtask build` filled.
#[derive(RustEmbed)]
#[folder = "$PHONEBILL_SITE_DIR"]
struct Site;

/// `site.json`, written beside the assets.
#[derive(Deserialize)]
struct Manifest {
    output_name: String,
    /// Source name to served name, for assets that CSS refers to.
    #[serde(default)]
    assets: BTreeMap<String, String>,
}

/// Read once: every page asks for its names.
fn manifest() -> Option<&'static Manifest> {
    static MANIFEST: OnceLock<Option<Manifest>> = OnceLock::new();
    let read = || serde_json::from_slice(&Site::get("site.json")?.data).ok();
    MANIFEST.get_or_init(read).as_ref()
}

/// Options whose output name carries the content hash.
pub(in crate::http) fn leptos_options() -> LeptosOptions {
    let name = manifest().map_or("phonebill", |manifest| manifest.output_name.as_str());
    LeptosOptions::builder()
        .output_name(name)
        .site_pkg_dir("pkg")
        .build()
}

/// The names of the style sheet's files in this build.
pub(in crate::http) fn names() -> AssetNames {
    static NAMES: OnceLock<AssetNames> = OnceLock::new();
    let read = || {
        AssetNames(Arc::new(
            manifest().map_or_else(BTreeMap::new, |it| it.assets.clone()),
        ))
    };
    NAMES.get_or_init(read).clone()
}

/// Every embedded file under its own path.
pub(in crate::http) fn router() -> Router {
    let hashed: Vec<String> = manifest()
        .map(|manifest| {
            let renamed = manifest
                .assets
                .iter()
                .filter(|(source, served)| source != served);
            renamed.map(|(_, served)| served.clone()).collect()
        })
        .unwrap_or_default();
    let mut router = Router::new();
    for name in Site::iter().filter(|name| !name.ends_with(".br") && name != "site.json") {
        let immutable = name.starts_with("pkg/") || hashed.iter().any(|served| *served == *name);
        let path = format!("/{name}");
        router = router.route(
            &path,
            get(move |headers: HeaderMap| {
                let name = name.clone();
                async move { serve(&name, immutable, &headers) }
            }),
        );
    }
    router
}

/// A release never reloads pages.
pub(in crate::http) fn watching() -> bool {
    false
}

fn serve(name: &str, immutable: bool, headers: &HeaderMap) -> Response {
    let brotli = weight(headers, "br")
        .is_some_and(|weight| weight > 0.0)
        .then(|| Site::get(&format!("{name}.br")))
        .flatten();
    let encoded = brotli.is_some();
    let Some(file) = brotli.or_else(|| Site::get(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!(
        "\"{}{}\"",
        hex::encode(&file.metadata.sha256_hash()[..12]),
        if encoded { "-br" } else { "" }
    );
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|sent| sent.as_bytes() == etag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        whole(name, file, encoded)
    };
    // Of a 304 too: a browser updates its stored response with them (RFC 9110, 15.4.5).
    let headers = response.headers_mut();
    let cache = if immutable {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn whole(name: &str, file: EmbeddedFile, encoded: bool) -> Response {
    let body = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if encoded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}
