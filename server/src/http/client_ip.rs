//! The address a request comes from.

use super::{Gateway, serve::Peer};
use axum::extract::{FromRequestParts, Request};
use http::{Extensions, HeaderMap, request::Parts};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

const FORWARDED: &str = "x-forwarded-for";

/// The address that a request is logged and counted under, in its extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Address(String);

impl Address {
    /// The peer, or the client that a trusted proxy names. Any other `X-Forwarded-For` is ignored.
    pub(super) fn of(gateway: &Gateway, request: &Request) -> Self {
        let peer = peer(request.extensions());
        let client = behind(peer, request.headers(), trusted(gateway));
        Self(counted_as(client).to_string())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// The peer, if it names a client and is not trusted to.
pub(super) fn untrusted_proxy(gateway: &Gateway, parts: &Parts) -> Option<IpAddr> {
    let forwards = parts.headers.contains_key(FORWARDED);
    Some(peer(&parts.extensions)).filter(|peer| forwards && !contain(trusted(gateway), peer))
}

fn trusted(gateway: &Gateway) -> &[IpNet] {
    gateway.http.trusted_proxies.as_deref().unwrap_or_default()
}

fn peer(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<Peer>();
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| {
        peer.0.ip().to_canonical()
    })
}

fn contain(networks: &[IpNet], address: &IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// Each proxy appends its peer, so the last address that is not a trusted proxy's own is the client;
/// the client may have written everything before it.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer;
    let forwarded = headers.get_all(FORWARDED).iter().rev();
    let mut addresses = forwarded
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.rsplit(','))
        .map(|text| address(text.trim()));
    while contain(trusted, &client)
        && let Some(Some(next)) = addresses.next()
    {
        client = next.to_canonical();
    }
    client
}

/// An address, with the brackets and the port that some proxies write.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let plain = bare.unwrap_or(text).parse().ok();
    plain.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

/// The unit of counting: an IPv4 address, or the /64 that one IPv6 customer has.
fn counted_as(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            Ipv6Addr::from(network).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{behind, counted_as};
    use http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let trusted = ["10.0.0.1/32", "10.0.0.2/32", "10.1.0.0/16", "2001:db8::/32"];
        let trusted = trusted.map(|network| network.parse().unwrap());
        behind(ip(peer), &headers, &trusted)
    }

    #[test]
    fn only_a_trusted_proxy_may_speak_for_somebody() {
        for (peer, forwarded, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:5678"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2:80"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db9::1]:80"], "2001:db9::1"),
            ("10.0.0.1", &["[2001:db9::1]"], "2001:db9::1"),
            ("10.0.0.1", &["[198.51.100.1"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.3", &["198.51.100.1"], "10.0.0.3"),
            ("10.1.200.7", &["198.51.100.1"], "198.51.100.1"),
            ("10.2.0.1", &["198.51.100.1"], "10.2.0.1"),
            (
                "10.1.0.1",
                &["1.1.1.1, 198.51.100.1, 10.1.255.255"],
                "198.51.100.1",
            ),
            (
                "10.1.0.1",
                &["198.51.100.1, ::ffff:10.1.0.2"],
                "198.51.100.1",
            ),
            ("2001:db8::7", &["198.51.100.1"], "198.51.100.1"),
            ("2001:db9::7", &["198.51.100.1"], "2001:db9::7"),
        ] {
            assert_eq!(
                client(peer, forwarded),
                ip(expected),
                "{peer} {forwarded:?}"
            );
        }
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        assert_eq!(
            counted_as(ip("2001:db8:1:2:aaaa::1")),
            counted_as(ip("2001:db8:1:2:bbbb::9"))
        );
        assert_ne!(
            counted_as(ip("2001:db8:1:2::1")),
            counted_as(ip("2001:db8:1:3::1"))
        );
        assert_eq!(counted_as(ip("198.51.100.1")), ip("198.51.100.1"));
    }
}
