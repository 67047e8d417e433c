//! The HTTP client settings shared by all neighbours.

use reqwest::{Client, ClientBuilder, redirect, retry};
use std::time::Duration;

/// A client of the server at `url`: it connects to nothing else (no proxy from the environment, no
/// redirect) and sends nothing twice.
///
/// The machine's root certificates are read for `https` only, so that a machine without any can
/// still use its own loopback.
pub fn client_builder(url: &str, connect_timeout: Duration) -> ClientBuilder {
    let builder = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(connect_timeout)
        .tcp_nodelay(true)
        .http1_only();
    if url.starts_with("https:") {
        builder
    } else {
        builder.tls_certs_only([])
    }
}
