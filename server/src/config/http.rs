//! The public address and its limits; the admin address.

use super::{Profile, reader::Reader};
use ipnet::IpNet;
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
    /// Their networks; a single address is a network of one.
    pub trusted_proxies: Vec<IpNet>,
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
            .filter_map(|text| {
                let network = network(text);
                if network.is_none() {
                    reader.fault(&format!(
                        "http.trusted_proxies must be a list of IP addresses and networks like \
                         10.0.0.0/24, and {text} is none of them."
                    ));
                }
                network
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

/// An address, or a network by its first address. Bits behind the prefix are a slip more likely than
/// meant; a network of everybody would believe anybody; one of IPv4 written as IPv6 would believe
/// nobody, because peers are compared as IPv4.
fn network(text: &str) -> Option<IpNet> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical().into());
    }
    let network: IpNet = text.parse().ok()?;
    let mapped = network.addr().to_canonical() != network.addr();
    let meant = network == network.trunc() && network.prefix_len() > 0;
    (meant && !mapped).then_some(network)
}

fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    ["http", "https"].contains(&scheme)
        && !authority.is_empty()
        && !authority.contains(['/', '@', '?', '#', ' '])
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn proxies_are_addresses_and_whole_networks() {
        for (text, read) in [
            ("10.0.0.1", Some("10.0.0.1/32")),
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("10.0.0.1/32", Some("10.0.0.1/32")),
            ("2001:db8::1", Some("2001:db8::1/128")),
            ("2001:db8::/32", Some("2001:db8::/32")),
            ("::ffff:10.0.0.1", Some("10.0.0.1/32")),
            ("10.0.0.1/8", None),
            ("0.0.0.0/0", None),
            ("::/0", None),
            ("::ffff:10.0.0.0/104", None),
            ("10.0.0.0/33", None),
            ("10.0.0.0/255.0.0.0", None),
            ("10.0.0", None),
            ("proxy.example.com", None),
            ("", None),
        ] {
            let network = network(text).map(|network| network.to_string());
            assert_eq!(network.as_deref(), read, "{text}");
        }
    }
}
