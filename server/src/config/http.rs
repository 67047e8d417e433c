//! The public address and its limits; the admin address.

use super::{Profile, reader::Reader};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

/// The public listener.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    pub addr: SocketAddr,
    /// The origin exactly as browsers send it; `None`: `http://<bound address>`, known only once the
    /// listener is bound.
    pub public_origin: Option<String>,
    /// Whether cookies carry `Secure` and the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Proxies whose `X-Forwarded-For` is believed; a single address is a network of one. `None`: not
    /// configured, which believes nobody and is refused in production.
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Longest request body, in bytes.
    pub body_limit: usize,
    /// From the end of the head to the answer.
    pub request_timeout: Duration,
    /// Requests beyond this are answered 503 at once.
    pub max_in_flight: usize,
    /// Connections beyond this wait to be accepted.
    pub max_connections: usize,
    /// For a request's head, for its body, for silence between two requests, and for an answer of which
    /// nothing is taken.
    pub read_timeout: Duration,
    /// Between SIGTERM, when readiness says no, and the end of accepting.
    pub drain_pause: Duration,
    /// After that, for requests, and the work beside them, to finish.
    pub drain_timeout: Duration,
}

/// The listener of metrics.
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
            reader.fault(
                "http.public_origin must be an origin as browsers send it, like \
                 https://bill.example.com: in lower case and without the scheme's own port.",
            );
        }
        let secure_cookies = match reader.text("http.secure_cookies").as_str() {
            "" => profile == Profile::Production,
            text => reader.on_off("http.secure_cookies", text),
        };
        let trusted_proxies = trusted_proxies(reader);
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

/// `None`: an empty list; the word `none` is the explicit one.
fn trusted_proxies(reader: &mut Reader<'_>) -> Option<Vec<IpNet>> {
    let proxies = reader.list("http.trusted_proxies");
    if proxies.is_empty() {
        return None;
    }
    if proxies == ["none"] {
        return Some(Vec::new());
    }
    let networks = proxies.iter().filter_map(|text| {
        let network = network(text);
        if network.is_none() {
            reader.fault(&format!(
                "http.trusted_proxies must be none, or a list of IP addresses and networks like \
                 10.0.0.0/24, and {text} is none of them."
            ));
        }
        network
    });
    Some(networks.collect())
}

/// An address, or a network by its first address. Bits behind the prefix are probably a mistake; a network
/// of all addresses would trust anybody; an IPv4 network written as IPv6 would trust nobody, because peers
/// are compared as IPv4.
fn network(text: &str) -> Option<IpNet> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical().into());
    }
    let network: IpNet = text.parse().ok()?;
    let mapped = network.addr().to_canonical() != network.addr();
    let meant = network == network.trunc() && network.prefix_len() > 0;
    (meant && !mapped).then_some(network)
}

/// Whether a browser may send this text as `Origin`, with which it is compared byte by byte: lower
/// case, a host in ASCII, no port that the scheme implies.
fn is_origin(text: &str) -> bool {
    let implied = [("http", ":80"), ("https", ":443")];
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
    let Some((_, port)) = implied.iter().find(|(known, _)| *known == scheme) else {
        return false;
    };
    !authority.is_empty()
        && authority.bytes().all(plain)
        && !authority.contains(['/', '@', '?', '#'])
        && !authority.ends_with(port)
}

#[cfg(test)]
mod tests {
    use super::{is_origin, network};

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for (text, sent) in [
            ("https://bill.example.com", true),
            ("https://bill.example.com:8443", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("https://bill.example.com:80", true),
            ("https://Bill.example.com", false),
            ("HTTPS://bill.example.com", false),
            ("https://bill.example.com:443", false),
            ("http://bill.example.com:80", false),
            ("https://bill.example.com/", false),
            ("https://bücher.example.com", false),
            ("https://", false),
            ("ftp://bill.example.com", false),
            ("bill.example.com", false),
        ] {
            assert_eq!(is_origin(text), sent, "{text}");
        }
    }

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
