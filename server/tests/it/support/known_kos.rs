//! A KOS and a replica's cached view of it, on a manual clock.

use server::{
    cache::MemoryCache,
    clock::Clock,
    config::{BreakerConfig, KosConfig, Layers},
    db::Db,
    ids::Ids,
    kos::{CacheKeys, KosClient, KosFacts, LineGenerations},
    tasks::Tasks,
};
use simulator::{Capabilities, Simulator, SimulatorConfig};
use std::{sync::Arc, time::Duration};

/// Every limit is as shipped, except those that a busy machine or a failing KOS would reach.
pub struct KnownKos {
    pub simulator: Simulator,
    pub client: KosClient,
    pub facts: KosFacts,
    pub clock: Clock,
    pub ids: Ids,
    pub tasks: Tasks,
}

impl KnownKos {
    /// Starts at a given second, with generations in a given database.
    pub async fn start(db: Db, now_s: i64, capabilities: Capabilities) -> Self {
        let simulator = simulator::start(SimulatorConfig {
            ap_addr: None,
            capabilities,
            clock: simulator::Clock::fixed(now_s).unwrap(),
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let clock = Clock::manual(now_s * 1_000);
        let ids = Ids::seeded(7, clock.clone());
        let tasks = Tasks::default();
        let shipped = Layers::default().finish().unwrap();
        let kos = KosConfig {
            url: simulator.kos_url().unwrap(),
            inquiry_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(2),
            place_timeout: Duration::from_secs(5),
            ..shipped.kos
        };
        // Never opens, so that KOS is asked whenever the cache has no answer.
        let breaker = BreakerConfig {
            window: 10_000,
            minimum_calls: 10_000,
            ..shipped.breaker
        };
        let client = KosClient::new(&kos, &breaker, clock.clone(), ids.clone()).unwrap();
        let facts = KosFacts::new(
            client.clone(),
            CacheKeys::new(b"a secret of the tests"),
            Arc::new(MemoryCache::new(1_000, clock.clone())),
            LineGenerations::new(db, clock.clone(), tasks.clone()),
            &shipped.cache,
            clock.clone(),
            ids.clone(),
            tasks.clone(),
        );
        Self {
            simulator,
            client,
            facts,
            clock,
            ids,
            tasks,
        }
    }
}
