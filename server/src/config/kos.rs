//! KOS-Order: where it is, how long it may take, what is known of it.

use std::time::Duration;

/// A fact about KOS that the change protocol can lean on (`docs/CHANGE.md`).
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

#[derive(Clone, Debug)]
pub struct KosConfig {
    /// Without a trailing slash; the contract's base path is added by the client.
    pub url: String,
    /// An inquiry in all: place, connection, headers and whole body.
    pub inquiry_timeout: Duration,
    /// A change in all.
    pub change_timeout: Duration,
    pub connect_timeout: Duration,
    pub inquiry_places: usize,
    pub change_places: usize,
    pub place_timeout: Duration,
    /// Longest answer read, in bytes.
    pub body_limit: usize,
    pub capabilities: Vec<Capability>,
    /// After this an unclear change that KOS does not show counts as not applied.
    pub change_horizon: Duration,
}

impl KosConfig {
    pub fn offers(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
}
