//! The address a request comes from.

use super::serve::Peer;
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The peer, or whom a trusted proxy speaks for. Anybody else's `X-Forwarded-For` is ignored.
pub(super) fn client_ip(parts: &Parts, trusted: &[IpNet]) -> IpAddr {
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| {
        peer.0.ip().to_canonical()
    });
    behind(peer, &parts.headers, trusted)
}

/// Each proxy appends whom it heard from, so the last address that is not a trusted proxy's own is
/// the client; what stands before it the client may have written itself.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer;
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    let mut addresses = forwarded
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.rsplit(','))
        .map(|text| text.trim().parse::<IpAddr>());
    while trusted.iter().any(|network| network.contains(&client))
        && let Some(Ok(next)) = addresses.next()
    {
        client = next.to_canonical();
    }
    client
}

/// What is counted together: an IPv4 address, or the /64 a single IPv6 customer is given.
pub(super) fn counted_as(address: IpAddr) -> IpAddr {
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
