//! The public address and its limits; the admin address.

use super::{Profile, reader::Reader};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

#[derive(Clone, Debug)]
pub struct HttpConfig {
    pub addr: SocketAddr,
    /// Scheme, host and port as browsers see them; `None`: `http://<bound address>`, known only
    /// once the listener is bound.
    pub public_origin: Option<String>,
    pub secure_cookies: bool,
    pub trusted_proxies: Vec<IpAddr>,
    /// Longest request body, in bytes.
    pub body_limit: usize,
    pub request_timeout: Duration,
    pub max_in_flight: usize,
    pub max_connections: usize,
    /// For a request's head, for its body, and for silence between two requests.
    pub read_timeout: Duration,
    /// Between SIGTERM, when readiness says no, and the end of accepting.
    pub drain_pause: Duration,
    pub drain_timeout: Duration,
}

#[derive(Clone, Debug)]
pub struct AdminConfig {
    /// `None`: off.
    pub addr: Option<SocketAddr>,
}

impl HttpConfig {
    pub(super) fn read(reader: &mut Reader<'_>, profile: Profile) -> Self {
        let addr = reader
            .optional("http.addr", "an address like 127.0.0.1:8080")
            .unwrap_or_else(|| ([127, 0, 0, 1], 8080).into());
        let public_origin = Some(reader.text("http.public_origin")).filter(|text| !text.is_empty());
        if let Some(origin) = &public_origin
            && !is_origin(origin)
        {
            reader.fault("http.public_origin must be an origin like https://bill.example.com.");
        }
        let secure_cookies = match reader.text("http.secure_cookies").as_str() {
            "" => profile == Profile::Production,
            text => reader.on_off("http.secure_cookies", text),
        };
        let proxies = reader.list("http.trusted_proxies");
        let trusted_proxies = proxies
            .iter()
            .filter_map(|text| match text.parse() {
                Ok(address) => Some(address),
                Err(_) => {
                    reader.fault("http.trusted_proxies must be a list of IP addresses.");
                    None
                }
            })
            .collect();
        HttpConfig {
            addr,
            public_origin,
            secure_cookies,
            trusted_proxies,
            body_limit: reader.number("http.body_limit", 1024, 1 << 20),
            request_timeout: reader.millis("http.request_timeout_ms", 100, 60_000),
            max_in_flight: reader.number("http.max_in_flight", 1, 1_000_000),
            max_connections: reader.number("http.max_connections", 1, 1_000_000),
            read_timeout: reader.millis("http.read_timeout_ms", 50, 600_000),
            drain_pause: reader.millis("http.drain_pause_ms", 0, 60_000),
            drain_timeout: reader.millis("http.drain_timeout_ms", 0, 60_000),
        }
    }
}

fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    ["http", "https"].contains(&scheme)
        && !authority.is_empty()
        && !authority.contains(['/', '@', '?', '#', ' '])
}
