//! What KOS can do beyond the base contract.

use clap::ValueEnum;

/// One of the facts that are not known of the real KOS (`docs/kos-contract.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fact {
    K1,
    K2,
    K3,
    K4,
}

/// What KOS can do beyond the base contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Inquiry of a change by its request id.
    pub k1: bool,
    /// A change older than [`SimulatorConfig::change_horizon`] is not applied any more.
    pub k2: bool,
    /// A request id seen before repeats the first answer (2007).
    pub k3: bool,
    /// A change is refused unless `currentProductCode` is the line's plan (2006).
    pub k4: bool,
    /// The extended fields, routes and codes exist at all.
    pub extended: bool,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Self = Self {
        k1: true,
        k2: true,
        k3: true,
        k4: true,
        extended: true,
    };
    /// The base contract alone.
    pub const BASE: Self = Self {
        k1: false,
        k2: false,
        k3: false,
        k4: false,
        extended: false,
    };

    /// Those of the base contract, or all but the facts left out.
    pub fn of(base_only: bool, without: &[Fact]) -> Self {
        if base_only {
            return Self::BASE;
        }
        let has = |fact| !without.contains(&fact);
        Self {
            k1: has(Fact::K1),
            k2: has(Fact::K2),
            k3: has(Fact::K3),
            k4: has(Fact::K4),
            extended: true,
        }
    }

    /// K1, K3 and K4 have their routes and codes in the extended contract only.
    pub(crate) fn effective(self) -> Self {
        let Self {
            k1,
            k2,
            k3,
            k4,
            extended,
        } = self;
        Self {
            k1: k1 && extended,
            k2,
            k3: k3 && extended,
            k4: k4 && extended,
            extended,
        }
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::ALL
    }
}
