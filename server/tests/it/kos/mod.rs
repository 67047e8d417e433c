//! The KOS client against the simulator, over real HTTP.

mod breaker;
mod budgets;
mod changes;
mod connections;
mod crowd;
mod elsewhere;
mod faults;
mod inquiries;
mod observed;
mod quota;

use app::model::{LineNumber, ProductCode};
use server::{
    clock::Clock,
    config::{BreakerConfig, KosConfig},
    ids::Ids,
    kos::KosClient,
};
use simulator::{Capabilities, FaultRule, Simulator, SimulatorConfig};
use std::time::Duration;

/// 2026-11-21 09:30 in Seoul.
const NOW_S: i64 = 1_795_221_000;

/// A running KOS, and a client of it on a manual clock.
struct Rig {
    simulator: Simulator,
    kos: KosClient,
    clock: Clock,
}

impl Rig {
    /// An extended KOS and the limits of [`limits`].
    async fn start() -> Self {
        Self::with(Capabilities::ALL, limits(), thresholds()).await
    }

    async fn with(capabilities: Capabilities, limits: KosConfig, breaker: BreakerConfig) -> Self {
        let simulator = simulator::start(SimulatorConfig {
            ap_addr: None,
            capabilities,
            clock: simulator::Clock::fixed(NOW_S).unwrap(),
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let url = simulator.kos_url().unwrap();
        let clock = Clock::manual(NOW_S * 1_000);
        let ids = Ids::seeded(7, clock.clone());
        let kos = KosClient::new(&KosConfig { url, ..limits }, &breaker, clock.clone(), ids);
        Self {
            simulator,
            kos: kos.unwrap(),
            clock,
        }
    }

    /// Replaces the fault rules.
    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// The number of changes that arrived at KOS.
    fn attempts(&self) -> usize {
        self.simulator.ledger().change_attempts().unwrap().len()
    }

    /// The number of changes that took effect.
    fn applied(&self) -> usize {
        self.simulator.ledger().changes_applied().unwrap().len()
    }
}

/// Generous deadlines: a healthy call passes on a busy machine too.
fn limits() -> KosConfig {
    KosConfig {
        url: String::new(),
        inquiry_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(2),
        inquiry_places: 4,
        change_places: 2,
        max_connections: 16,
        place_timeout: Duration::from_millis(50),
        body_limit: 262_144,
        calls_per_minute: 0,
        capabilities: vec![],
        customer_ids_agree: true,
        change_horizon: Duration::from_secs(30),
    }
}

/// Short deadlines, for calls that are never answered.
fn impatient() -> KosConfig {
    KosConfig {
        inquiry_timeout: Duration::from_millis(300),
        change_timeout: Duration::from_millis(300),
        ..limits()
    }
}

/// Opens after four calls of which half failed.
fn thresholds() -> BreakerConfig {
    BreakerConfig {
        window: 20,
        minimum_calls: 4,
        failure_rate: 50,
        slow_call: Duration::from_secs(5),
        slow_rate: 80,
        open_for: Duration::from_secs(10),
        probes: 3,
    }
}

/// Longer than those keep the breaker open, jitter included.
const LONGER_THAN_OPEN: Duration = Duration::from_secs(12);

/// Never opens, for tests of single failures.
fn unbreakable() -> BreakerConfig {
    BreakerConfig {
        window: 1_000,
        minimum_calls: 1_000,
        ..thresholds()
    }
}

fn line(number: &str) -> LineNumber {
    number.parse().unwrap()
}

fn plan(code: &str) -> ProductCode {
    code.parse().unwrap()
}
