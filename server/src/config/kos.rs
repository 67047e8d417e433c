//! KOS-Order: its address, its time limits, its capabilities.

use super::{Profile, reader::Reader};
use std::time::Duration;

/// One kept for the next inquiry, one being made.
const LEAST_SPARE: usize = 2;

/// A fact about KOS that the change protocol can lean on (`docs/kos-contract.md`, K1 to K4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// K1: a change can be looked up by its requestId.
    InquiryByRequestId,
    /// K2: after the horizon a request can no longer be applied.
    Horizon,
    /// K3: a duplicate requestId is ignored.
    DuplicatesIgnored,
    /// K4: a change is refused unless the current product matches.
    CurrentProductMustMatch,
}

/// Where KOS is, and what a call may take.
#[derive(Clone, Debug)]
pub struct KosConfig {
    /// Without a trailing slash; the contract's base path is added by the client.
    pub url: String,
    /// The whole of an inquiry: place, connection, headers and body.
    pub inquiry_timeout: Duration,
    /// The whole of a change.
    pub change_timeout: Duration,
    pub connect_timeout: Duration,
    pub inquiry_places: usize,
    pub change_places: usize,
    /// More than the places together, so that connections can be kept, and made, beside the calls.
    pub max_connections: usize,
    pub place_timeout: Duration,
    /// Longest answer read, in bytes.
    pub body_limit: usize,
    /// The most calls a minute of this replica; 0: no limit.
    pub calls_per_minute: u32,
    pub capabilities: Vec<Capability>,
    /// Whether its customer ids are those of the accounts, so that it can tell whose a line is.
    pub customer_ids_agree: bool,
    /// K2: after this, an unclear change that KOS does not show counts as not applied.
    pub change_horizon: Duration,
}

impl KosConfig {
    /// Whether KOS is known to have that capability.
    pub fn offers(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Connections beyond one for each place.
    pub fn spare_connections(&self) -> usize {
        let places = self.inquiry_places + self.change_places;
        self.max_connections.saturating_sub(places)
    }
}

impl KosConfig {
    pub(super) fn read(reader: &mut Reader<'_>, profile: Profile) -> Self {
        let url = reader.http_url("kos.url");
        let names = reader.list("kos.capabilities");
        let capabilities = names
            .iter()
            .filter_map(|name| match name.as_str() {
                "K1" => Some(Capability::InquiryByRequestId),
                "K2" => Some(Capability::Horizon),
                "K3" => Some(Capability::DuplicatesIgnored),
                "K4" => Some(Capability::CurrentProductMustMatch),
                _ => {
                    reader.fault("kos.capabilities may hold K1, K2, K3 and K4 only.");
                    None
                }
            })
            .collect();
        let kos = KosConfig {
            customer_ids_agree: match reader.text("kos.customer_ids").as_str() {
                "agree" => true,
                "differ" => false,
                // The demo's customers are the simulator's: no other KOS knows them by their ids.
                "" => profile == Profile::Production || url.is_empty(),
                _ => reader.wrong("kos.customer_ids", "agree or differ", true),
            },
            url,
            inquiry_timeout: reader.millis("kos.inquiry_timeout_ms", 50, 60_000),
            change_timeout: reader.millis("kos.change_timeout_ms", 50, 60_000),
            connect_timeout: reader.millis("kos.connect_timeout_ms", 10, 60_000),
            inquiry_places: reader.number("kos.inquiry_places", 1, 10_000),
            change_places: reader.number("kos.change_places", 1, 10_000),
            max_connections: reader.number("kos.max_connections", 4, 100_000),
            place_timeout: reader.millis("kos.place_timeout_ms", 1, 10_000),
            body_limit: reader.number("kos.body_limit", 1024, 1 << 26),
            calls_per_minute: reader.number("kos.calls_per_minute", 0, 10_000_000),
            capabilities,
            change_horizon: reader.seconds("kos.change_horizon_s", 0, 86_400),
        };
        if kos.spare_connections() < LEAST_SPARE {
            reader.fault(
                "kos.max_connections must be above kos.inquiry_places and kos.change_places \
                 together by 2 or more: calls would wait for a connection.",
            );
        }
        kos
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Layers;

    #[test]
    fn whose_a_line_is_is_checked_unless_the_demo_is_beside_another_kos() {
        let agree = |settings: &[(&str, &str)]| {
            let settings = settings.iter().map(|(name, value)| {
                let name = format!("PHONEBILL__{name}");
                (name, (*value).to_owned())
            });
            let layers = Layers::default().environment(&settings.collect());
            // Production needs much more than is of interest here.
            layers
                .finish_for_maintenance()
                .unwrap()
                .kos
                .customer_ids_agree
        };
        let url = ("KOS__URL", "https://kos.example.com");
        let production = ("PROFILE", "production");
        assert!(agree(&[]) && agree(&[url, production]));
        assert!(!agree(&[url]));
        assert!(agree(&[url, ("KOS__CUSTOMER_IDS", "agree")]));
        assert!(!agree(&[url, production, ("KOS__CUSTOMER_IDS", "differ")]));
    }

    #[test]
    fn a_bound_on_connections_below_the_places_is_refused_at_start() {
        let starts = |places: &str, most: &str| {
            let settings = [("INQUIRY_PLACES", places), ("MAX_CONNECTIONS", most)];
            let settings = settings.map(|(name, value)| {
                let name = format!("PHONEBILL__KOS__{name}");
                (name, value.to_owned())
            });
            Layers::default().environment(&settings.into()).finish()
        };
        for (places, most) in [("32", "41"), ("32", "3"), ("10000", "48")] {
            let told = starts(places, most).unwrap_err().to_string();
            assert!(told.contains("kos.max_connections"), "{told}");
        }
        let kos = starts("32", "42").unwrap().kos;
        assert_eq!(kos.spare_connections(), 2);
    }
}
