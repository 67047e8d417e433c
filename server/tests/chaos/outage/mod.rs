//! A long outage of KOS under load, measured (I8 to I10 of the design).
//!
//! | module | what it holds |
//! | --- | --- |
//! | `crowd` | a thousand customers who need KOS |
//! | `hundred` | a hundred requests per second, before, during and after |
//! | `asking` | one request |
//! | `finding` | the measures and their limits |
//! | `spoilt` | planted faults that the measures must find |

mod asking;
mod crowd;
mod finding;
mod hundred;
mod spoilt;

use crate::{judge::Planted, world::World};
use anyhow::Result;
use finding::Finding;
use hundred::Course;
use spoilt::SPOILT;
use std::{fmt, time::Duration};

/// The name of the row.
pub const NAME: &str = "KOS silent under load";

/// An outage.
#[derive(Clone, Copy)]
enum Scenario {
    /// How long KOS hangs.
    Crowd(Duration),
    Hundred(Course),
}

const SCENARIOS: [Scenario; 2] = [
    Scenario::Crowd(Duration::from_secs(20)),
    Scenario::Hundred(Course {
        lasts: Duration::from_secs(30),
        returns: true,
    }),
];

/// Everything that was measured.
pub struct Outage(Vec<Finding>);

impl Outage {
    /// Runs both on the product, and on spoilt ones as much as it takes to find them.
    ///
    /// # Errors
    /// A product did not start, or has ended.
    pub async fn endure(postgres: &Option<String>, planted: &mut Planted) -> Result<Self> {
        let mut findings = Vec::new();
        for scenario in SCENARIOS {
            let mut world = World::start(postgres.clone(), &[]).await?;
            findings.extend(scenario.measure(&mut world).await?);
            world.stop().await?;
        }
        for spoilt in &SPOILT {
            spoilt.plant(postgres.clone(), planted).await?;
        }
        Ok(Self(findings))
    }

    pub fn is_within(&self) -> bool {
        self.0.iter().all(Finding::is_within)
    }
}

impl Scenario {
    async fn measure(self, world: &mut World) -> Result<Vec<Finding>> {
        let findings = match self {
            Self::Crowd(lasts) => crowd::measure(world, lasts).await,
            Self::Hundred(course) => hundred::measure(world, course).await,
        };
        world.still_lives(NAME)?;
        findings
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| {NAME} | measured | at most |\n| --- | --- | --- |")?;
        for finding in &self.0 {
            writeln!(out, "{finding}")?;
        }
        Ok(())
    }
}
