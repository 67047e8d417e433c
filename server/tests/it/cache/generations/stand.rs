//! Two replicas over one database and one KOS, and how a change of plan raises the generation.

use crate::support::{backends::TestDatabase, customers::held, redis::Corner, wait::until};
use app::model::{LineNumber, ProductCode};
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
    config::{BreakerConfig, CacheConfig, KosConfig, Layers},
    db::Db,
    ids::Ids,
    kos::{BELIEVED, CacheKeys, KosClient, KosFacts, LineGenerations},
    tasks::Tasks,
};
use simulator::{
    Simulator, SimulatorConfig,
    fault_proxy::{Ending, FaultProxy, Protocol},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

pub(super) const TO: &str = "LTE-BASIC-001";

/// The protocol: when the generation is raised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Raised {
    /// The product's: in the transaction that ends the change, once no replica believes a generation read
    /// before it.
    WithTheOutcome,
    /// The same, while a generation from before the change may still be believed.
    TooSoon,
    /// The same, without a mark that the line is changing: what is read meanwhile is believed.
    Unannounced,
    /// Before KOS is asked: a value loaded in between is old and looks new.
    BeforeTheChange,
    /// Not at all, as when a cache is told to forget but cannot be reached.
    Never,
    /// With the outcome, but another change of the line, found applied meanwhile, removes the mark that
    /// this one is open.
    WithAnothersMark,
}

/// KOS, one database and two replicas.
pub(super) struct Stand {
    pub(super) simulator: Simulator,
    database: TestDatabase,
    pub(super) replicas: [Replica; 2],
    /// The clock by which generations are believed.
    pub(super) believing: Clock,
}

pub(super) struct Replica {
    pub(super) client: KosClient,
    pub(super) facts: KosFacts,
    /// The proxy between it and KOS.
    pub(super) to_kos: FaultProxy,
    /// The proxy between it and Redis, if it uses Redis.
    to_redis: Option<(FaultProxy, Arc<dyn Cache>)>,
    /// The tasks that read generations ahead.
    reading: Tasks,
}

impl Stand {
    pub(super) async fn start(database: &TestDatabase, corner: Option<&Corner>) -> Self {
        let database = database.clone().migrated().await;
        let simulator = simulator::start(SimulatorConfig {
            ap_addr: None,
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let believing = Clock::manual(0);
        let replicas = Replica::start_two(&simulator, &database, corner, &believing).await;
        Self {
            simulator,
            database,
            replicas,
            believing,
        }
    }

    /// The same with new replicas.
    pub(super) async fn with_new_replicas(self, corner: &Corner) -> Self {
        let (simulator, database) = (&self.simulator, &self.database);
        let corner = Some(corner);
        Self {
            replicas: Replica::start_two(simulator, database, corner, &self.believing).await,
            ..self
        }
    }

    /// Commits the intent of a change.
    pub(super) async fn begin(&self, raised: Raised) {
        if raised == Raised::Unannounced {
            return;
        }
        hold(&self.database.db, &line()).await;
    }

    /// Commits its end.
    pub(super) async fn end(&self, raised: Raised) {
        match raised {
            Raised::BeforeTheChange | Raised::Never => {}
            Raised::TooSoon => self.raise_and_release().await,
            Raised::WithTheOutcome | Raised::Unannounced | Raised::WithAnothersMark => {
                // One read starts a read ahead while the generation is still believed; another comes at the
                // last moment.
                let last = Duration::from_millis(1);
                for passes in [BELIEVED - last, last] {
                    self.believing.advance(passes);
                    for replica in &self.replicas {
                        replica.facts.line(&held(&line())).await.unwrap();
                        // A task may start more.
                        replica.reading.drain().await;
                    }
                }
                self.raise_and_release().await;
            }
        }
    }

    /// Finds that an earlier change, given up long ago, was applied.
    pub(super) async fn another_applied_late(&self, raised: Raised) {
        match raised {
            Raised::WithAnothersMark => self.raise_and_release().await,
            _ => self.raise().await,
        }
    }

    pub(super) async fn raise(&self) {
        raise(&self.database.db, &line()).await;
    }

    pub(super) async fn raise_and_release(&self) {
        raise_and_release(&self.database.db, &line()).await;
    }

    pub(super) fn db(&self) -> &Db {
        &self.database.db
    }

    pub(super) async fn change(&self) {
        let replica = &self.replicas[0];
        let from = replica
            .facts
            .line_now(&held(&line()))
            .await
            .unwrap()
            .product
            .code;
        let to: ProductCode = TO.parse().unwrap();
        assert_ne!(from, to);
        let id = "PC-20261121-000000000001";
        replica
            .client
            .change(id, &line(), &from, &to, &|| true)
            .await
            .unwrap();
    }

    /// Whether a replica still shows the old plan, for the line or for the running month.
    pub(super) async fn shows_old(&self) -> bool {
        let month = Clock::system().current_month();
        for replica in &self.replicas {
            for _ in 0..2 {
                let shown = replica.facts.line(&held(&line())).await.unwrap().value;
                let bill = replica
                    .facts
                    .bill(&held(&line()), month)
                    .await
                    .unwrap()
                    .value;
                if shown.product.code.as_str() != TO || bill.product.code.as_str() != TO {
                    return true;
                }
            }
        }
        false
    }

    pub(super) async fn fill(&self) {
        let month = Clock::system().current_month();
        for replica in &self.replicas {
            replica.facts.line(&held(&line())).await.unwrap();
            replica.facts.bill(&held(&line()), month).await.unwrap();
        }
    }
}

impl Replica {
    async fn start_two(
        simulator: &Simulator,
        database: &TestDatabase,
        corner: Option<&Corner>,
        believing: &Clock,
    ) -> [Self; 2] {
        [
            Self::start(simulator, database, corner, believing).await,
            Self::start(simulator, database, corner, believing).await,
        ]
    }

    async fn start(
        simulator: &Simulator,
        database: &TestDatabase,
        corner: Option<&Corner>,
        believing: &Clock,
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
        let reading = Tasks::default();
        let db = database.replica().await;
        let facts = KosFacts::new(
            client.clone(),
            CacheKeys::new(b"a secret of the tests"),
            cache,
            LineGenerations::new(db, believing.clone(), reading.clone()),
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
            reading,
        }
    }

    pub(super) fn lose_redis(&self) {
        if let Some((proxy, _)) = &self.to_redis {
            proxy.refuse(true);
            proxy.cut_all(Ending::Reset);
        }
    }

    pub(super) async fn find_redis(&self) {
        if let Some((proxy, cache)) = &self.to_redis {
            proxy.calm();
            until("Redis is back", || async { cache.answers() }).await;
        }
    }
}

pub(super) fn line() -> LineNumber {
    "01012345678".parse().unwrap()
}

/// Opens a change of the line.
pub(super) async fn hold(db: &Db, line: &LineNumber) {
    let mut tx = db.begin_write().await.unwrap();
    LineGenerations::hold(&mut tx, line).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn raise(db: &Db, line: &LineNumber) {
    let mut tx = db.begin_write().await.unwrap();
    LineGenerations::raise(&mut tx, line).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn raise_and_release(db: &Db, line: &LineNumber) {
    let mut tx = db.begin_write().await.unwrap();
    LineGenerations::raise(&mut tx, line).await.unwrap();
    LineGenerations::release(&mut tx, line).await.unwrap();
    tx.commit().await.unwrap();
}
