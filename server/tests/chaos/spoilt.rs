//! Planted faults: products with one bad setting, which the matrix must tell from the shipped one.

use crate::{
    endure,
    faults::{FAULTS, Fault},
    judge::breaches_of,
    load::{Load, Record},
    world::World,
};
use anyhow::{Context, Result};
use std::time::Instant;

/// A product with one bad setting, and the fault that reveals it.
pub struct Spoilt {
    pub name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    pub fault: &'static str,
}

pub const SPOILT: [Spoilt; 3] = [
    Spoilt {
        name: "a breaker that never opens",
        settings: &[
            ("PHONEBILL__BREAKER__WINDOW", "10000"),
            ("PHONEBILL__BREAKER__MINIMUM_CALLS", "10000"),
        ],
        fault: "KOS hang",
    },
    Spoilt {
        name: "a second for each operation on Redis",
        settings: &[("PHONEBILL__CACHE__OPERATION_TIMEOUT_MS", "1000")],
        fault: "Redis silent",
    },
    Spoilt {
        name: "four seconds for a connection to PostgreSQL",
        settings: &[("PHONEBILL__DATABASE__ACQUIRE_TIMEOUT_MS", "4000")],
        fault: "PostgreSQL stopped",
    },
];

impl Spoilt {
    /// Whether the row of its fault differs from what is expected.
    ///
    /// # Errors
    /// The product did not start, or there is no such fault.
    pub async fn is_found(&self, postgres: Option<String>) -> Result<bool> {
        let named = |fault: &&Fault| fault.name == self.fault;
        let fault = FAULTS.iter().find(named).context("no such fault")?;
        let mut world = World::start(postgres, self.settings).await?;
        let begun = Instant::now();
        let load = Load::begin(world.customers().await?).await?;
        tokio::time::sleep(crate::QUIET).await;
        let quiet = Record::of(&load, begun, Instant::now());
        let row = endure(fault, &mut world, &load, &quiet).await?;
        load.finish().await;
        world.stop().await?;
        Ok(!breaches_of(fault, &row).is_empty())
    }
}
