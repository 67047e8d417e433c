//! Planted faults: each measure must tell at least one worse product from the shipped one.

use super::{
    Scenario,
    finding::{Finding, Measure},
    hundred::Course,
};
use crate::{judge::Planted, world::World};
use anyhow::Result;
use std::time::Duration;

/// A product with bad settings, its outage, and the measures that must find it.
pub struct Spoilt {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    scenario: Scenario,
    found_by: &'static [Measure],
}

const fn outage(seconds: u64, returns: bool) -> Scenario {
    Scenario::Hundred(Course {
        lasts: Duration::from_secs(seconds),
        returns,
    })
}

pub const SPOILT: [Spoilt; 4] = [
    Spoilt {
        name: "room for all calls to KOS, for few requests, no breaker, and 256 MiB for a password",
        settings: &[
            ("PHONEBILL__KOS__INQUIRY_PLACES", "1000"),
            ("PHONEBILL__KOS__MAX_CONNECTIONS", "1100"),
            ("PHONEBILL__HTTP__MAX_IN_FLIGHT", "300"),
            ("PHONEBILL__BREAKER__WINDOW", "10000"),
            ("PHONEBILL__BREAKER__MINIMUM_CALLS", "10000"),
            ("PHONEBILL__AUTH__ARGON2_MEMORY_KIB", "262144"),
        ],
        scenario: Scenario::Crowd(Duration::from_secs(6)),
        found_by: &[Measure::OtherRoutes, Measure::Sockets, Measure::Memory],
    },
    Spoilt {
        name: "a breaker that never opens",
        settings: &[
            ("PHONEBILL__BREAKER__WINDOW", "10000"),
            ("PHONEBILL__BREAKER__MINIMUM_CALLS", "10000"),
        ],
        scenario: outage(7, false),
        found_by: &[Measure::WholeTimeOuts, Measure::WhileOpen],
    },
    Spoilt {
        name: "a breaker that waits for a second, and bills that are known for eight",
        settings: &[
            ("PHONEBILL__BREAKER__OPEN_S", "1"),
            ("PHONEBILL__CACHE__BILL_TTL_S", "8"),
        ],
        scenario: outage(11, true),
        found_by: &[Measure::CallsWhileOpen(Duration::ZERO), Measure::CallsAfter],
    },
    Spoilt {
        name: "a breaker that waits for a minute",
        settings: &[("PHONEBILL__BREAKER__OPEN_S", "60")],
        scenario: outage(5, true),
        found_by: &[Measure::ClosedAfter],
    },
];

impl Spoilt {
    /// Runs its outage, and counts the measures that found it.
    pub async fn plant(&self, postgres: Option<String>, planted: &mut Planted) -> Result<()> {
        let mut world = World::start(postgres, self.settings).await?;
        let findings = self.scenario.measure(&mut world).await?;
        world.stop().await?;
        for measure in self.found_by {
            let finds = |one: &Finding| one.measure.is(*measure) && !one.is_within();
            let found = findings.iter().any(finds);
            planted.tried(format!("{}: {}", self.name, measure.name()), found);
        }
        let shown = findings.iter().map(|one| format!("  {one}"));
        eprintln!("{}:\n{}", self.name, shown.collect::<Vec<_>>().join("\n"));
        Ok(())
    }
}
