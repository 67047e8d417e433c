//! No read after "changed" shows the old plan, on any replica, whatever the cache does.
//!
//! The same bodies run with the protocol of the product and with two that look alike and are wrong;
//! those have to be caught, or the bodies prove nothing.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    redis::Corner,
    wait::until,
};
use app::model::{LineNumber, ProductCode};
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
    config::{BreakerConfig, CacheConfig, KosConfig, Layers},
    ids::Ids,
    kos::{KosClient, KosFacts, LineGenerations},
    tasks::Tasks,
};
use simulator::{
    Operation, Simulator, SimulatorConfig,
    fault_proxy::{Direction, Ending, FaultProxy, Protocol, Weather},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

on_both_databases! {
    in_the_process_the_old_plan_is_never_seen_again,
    in_redis_the_old_plan_is_never_seen_again_though_it_dies_meanwhile,
    in_the_process_a_slow_load_brings_nothing_back,
    in_redis_a_slow_load_brings_nothing_back,
}

const TO: &str = "LTE-BASIC-001";

/// When the generation is raised.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Raised {
    /// In the transaction that ends the change: the product.
    WithTheOutcome,
    /// Before KOS was asked: what is loaded in between is old and looks new.
    BeforeTheChange,
    /// Not at all, as when a cache is told to forget and cannot be reached.
    Never,
}

/// KOS, one database and two replicas.
struct Stand {
    simulator: Simulator,
    database: TestDatabase,
    replicas: [Replica; 2],
}

struct Replica {
    client: KosClient,
    facts: KosFacts,
    /// Between it and KOS.
    to_kos: FaultProxy,
    /// Between it and Redis, where it uses Redis.
    to_redis: Option<(FaultProxy, Arc<dyn Cache>)>,
}

impl Stand {
    async fn start(database: &TestDatabase, corner: Option<&Corner>) -> Self {
        let database = database.clone().migrated().await;
        let simulator = simulator::start(SimulatorConfig {
            ap_addr: None,
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let replicas = [
            Replica::start(&simulator, &database, corner).await,
            Replica::start(&simulator, &database, corner).await,
        ];
        Self {
            simulator,
            database,
            replicas,
        }
    }

    async fn raise(&self) {
        let mut tx = self.database.db.begin_write().await.unwrap();
        LineGenerations::raise(&mut tx, &line()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn change(&self) {
        let replica = &self.replicas[0];
        let from = replica.facts.line_now(&line()).await.unwrap().product.code;
        let to: ProductCode = TO.parse().unwrap();
        assert_ne!(from, to);
        let id = "PC-20261121-000000000001";
        replica
            .client
            .change(id, &line(), &from, &to, &|| true)
            .await
            .unwrap();
    }

    /// Whether a replica still shows the old plan, as the line's or as the running month's.
    async fn shows_old(&self) -> bool {
        let month = Clock::system().current_month();
        for replica in &self.replicas {
            for _ in 0..2 {
                let shown = replica.facts.line(&line()).await.unwrap().value;
                let bill = replica.facts.bill(&line(), month).await.unwrap().value;
                if shown.product.code.as_str() != TO || bill.product.code.as_str() != TO {
                    return true;
                }
            }
        }
        false
    }

    async fn fill(&self) {
        let month = Clock::system().current_month();
        for replica in &self.replicas {
            replica.facts.line(&line()).await.unwrap();
            replica.facts.bill(&line(), month).await.unwrap();
        }
    }
}

impl Replica {
    async fn start(
        simulator: &Simulator,
        database: &TestDatabase,
        corner: Option<&Corner>,
    ) -> Self {
        let kos = simulator.kos_url().unwrap();
        let address = kos.trim_start_matches("http://").parse().unwrap();
        let to_kos = FaultProxy::start(address, Protocol::Opaque, 7).unwrap();
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let config = Layers::default()
            .environment(&BTreeMap::new())
            .finish()
            .unwrap();
        let kos = KosConfig {
            url: to_kos.url(),
            inquiry_timeout: Duration::from_secs(20),
            ..config.kos
        };
        let breaker = BreakerConfig {
            window: 1_000,
            minimum_calls: 1_000,
            slow_call: Duration::from_secs(19),
            ..config.breaker
        };
        let client = KosClient::new(&kos, &breaker, clock.clone(), ids.clone()).unwrap();
        let (cache, to_redis): (Arc<dyn Cache>, _) = match corner {
            None => (Arc::new(MemoryCache::new(1_000, clock.clone())), None),
            Some(corner) => {
                let proxy = corner.proxy();
                let timeout = Duration::from_secs(1);
                let cache: Arc<dyn Cache> = Arc::new(corner.cache_through(&proxy, timeout).await);
                (cache.clone(), Some((proxy, cache)))
            }
        };
        let facts = KosFacts::new(
            client.clone(),
            cache,
            LineGenerations::new(database.replica().await),
            &CacheConfig { ..config.cache },
            clock,
            ids,
            Tasks::default(),
        );
        Self {
            client,
            facts,
            to_kos,
            to_redis,
        }
    }

    fn lose_redis(&self) {
        if let Some((proxy, _)) = &self.to_redis {
            proxy.refuse(true);
            proxy.cut_all(Ending::Reset);
        }
    }

    async fn find_redis(&self) {
        if let Some((proxy, cache)) = &self.to_redis {
            proxy.calm();
            until("Redis is back", || async { cache.answers() }).await;
        }
    }
}

fn line() -> LineNumber {
    "01012345678".parse().unwrap()
}

/// Both replicas know the old plan; Redis dies as the change ends and comes back with what it kept.
async fn old_plan_after_a_change(stand: &Stand, raised: Raised) -> bool {
    stand.fill().await;
    if raised == Raised::BeforeTheChange {
        stand.raise().await;
        stand.fill().await;
    }
    stand.change().await;
    stand.replicas.iter().for_each(Replica::lose_redis);
    if raised == Raised::WithTheOutcome {
        stand.raise().await;
    }
    // Changed.
    let without = stand.shows_old().await;
    for replica in &stand.replicas {
        replica.find_redis().await;
    }
    without || stand.shows_old().await
}

/// A load that began before the change is answered after it.
async fn old_plan_of_a_slow_load(stand: &Stand, raised: Raised) -> bool {
    if raised == Raised::BeforeTheChange {
        stand.raise().await;
    }
    let slow = &stand.replicas[1];
    slow.to_kos
        .set_weather(Direction::ToClient, Weather::hole());
    let facts = slow.facts.clone();
    let load = tokio::spawn(async move { facts.line(&line()).await });
    let journal = stand.simulator.journal();
    until("KOS has answered", || async {
        journal.calls(Operation::Product) == 1
    })
    .await;
    stand.change().await;
    if raised == Raised::WithTheOutcome {
        stand.raise().await;
    }
    // Changed; only now does the old answer arrive.
    slow.to_kos.calm();
    let late = load.await.unwrap().unwrap();
    assert_ne!(late.value.product.code.as_str(), TO);
    stand.shows_old().await
}

macro_rules! only_the_product_holds {
    ($database:expr, $redis:expr, $body:ident) => {
        for raised in [
            Raised::WithTheOutcome,
            Raised::BeforeTheChange,
            Raised::Never,
        ] {
            let corner = if $redis {
                let Some(corner) = Corner::find() else { return };
                Some(corner)
            } else {
                None
            };
            let stand = Stand::start(&$database, corner.as_ref()).await;
            let seen = $body(&stand, raised).await;
            assert_eq!(seen, raised != Raised::WithTheOutcome, "{raised:?}");
        }
    };
}

async fn in_the_process_the_old_plan_is_never_seen_again(database: TestDatabase) {
    only_the_product_holds!(database, false, old_plan_after_a_change);
}

async fn in_redis_the_old_plan_is_never_seen_again_though_it_dies_meanwhile(
    database: TestDatabase,
) {
    only_the_product_holds!(database, true, old_plan_after_a_change);
}

async fn in_the_process_a_slow_load_brings_nothing_back(database: TestDatabase) {
    only_the_product_holds!(database, false, old_plan_of_a_slow_load);
}

async fn in_redis_a_slow_load_brings_nothing_back(database: TestDatabase) {
    only_the_product_holds!(database, true, old_plan_of_a_slow_load);
}
