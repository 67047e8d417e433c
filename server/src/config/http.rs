//! The public address and its limits; the admin address.

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
    pub drain_timeout: Duration,
}

#[derive(Clone, Debug)]
pub struct AdminConfig {
    /// `None`: off.
    pub addr: Option<SocketAddr>,
}
