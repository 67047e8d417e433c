//! Product change over both databases, against the simulator, over real HTTP.

mod another_customer;
mod chain;
mod history;
mod idempotency;
mod late;
mod ledger;
mod offer;
mod operator;
mod outage;
mod own_changes;
mod recorded;
mod redis_killed;
mod refused;
mod request;
mod restart;
mod retention;
mod same_key;
mod settings;
mod sightings;
mod unknown;

use self::{
    recorded::Recorded,
    settings::{impatient, limits, shipped, unbreakable, with_lookup},
};
use crate::support::{
    backends::TestDatabase,
    customers::{customer, demo01},
    wait::until,
};
use app::{
    model::{Change, ChangeDraft, ChangeStatus, IdempotencyKey, Principal, ProductCode, RequestId},
    problem::Problem,
    ssr::{ChangeCommand, ProductPort},
};
use server::{
    cache::{Cache, MemoryCache},
    clock::Clock,
    config::{BreakerConfig, KosConfig, MvnoConfig},
    db::Db,
    ids::Ids,
    kos::{CacheKeys, KosClient, KosFacts, LineGenerations},
    mvno::MvnoClient,
    outbox::{OutboxBell, Relay},
    product::{ProductChange, ReconcilePace},
    tasks::Tasks,
};
use simulator::{Capabilities, FaultRule, Simulator, SimulatorConfig};
use std::{sync::Arc, time::Duration};

const LINE: &str = "01012345678";
const OTHER_LINE: &str = "01023456789";
const SUSPENDED_LINE: &str = "01012348888";
/// The current plan of [`LINE`].
const FROM: &str = "5G-STANDARD-001";
const TO: &str = "LTE-BASIC-001";
const SECRET: &str = "a-secret-of-the-two";

/// KOS, the AP server and one database; a test starts replicas of the service on them.
struct Stand {
    simulator: Simulator,
    database: TestDatabase,
    kos: KosConfig,
    breaker: BreakerConfig,
    clock: Clock,
    ids: Ids,
    tasks: Tasks,
}

/// One process: its connections, its cache, its workers.
struct Replica {
    product: ProductChange,
    facts: KosFacts,
    client: KosClient,
}

impl Stand {
    async fn start(database: TestDatabase) -> Self {
        Self::with(database, Capabilities::ALL, limits()).await
    }

    async fn with(database: TestDatabase, capabilities: Capabilities, limits: KosConfig) -> Self {
        let simulator = simulator::start(SimulatorConfig {
            ap_secret: SECRET.into(),
            capabilities,
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let clock = Clock::system();
        Self {
            kos: KosConfig {
                url: simulator.kos_url().unwrap(),
                ..limits
            },
            breaker: unbreakable(),
            simulator,
            database: database.migrated().await,
            ids: Ids::random(clock.clone()),
            clock,
            tasks: Tasks::default(),
        }
    }

    /// A replica that delivers events, and reconciles once the test starts it.
    async fn replica_on(&self, db: Db) -> Replica {
        let cache = self.database.cache(&self.clock).await;
        self.replica_with(db, cache, self.clock.clone())
    }

    /// The same with another cache, and a separate clock for how long generations are believed.
    fn replica_with(&self, db: Db, cache: Arc<dyn Cache>, believing: Clock) -> Replica {
        let (clock, ids, tasks) = (&self.clock, &self.ids, &self.tasks);
        let client = KosClient::new(&self.kos, &self.breaker, clock.clone(), ids.clone()).unwrap();
        let facts = KosFacts::new(
            client.clone(),
            CacheKeys::new(b"a secret of the tests"),
            cache,
            LineGenerations::new(db.clone(), believing, tasks.clone()),
            &shipped().cache,
            clock.clone(),
            ids.clone(),
            tasks.clone(),
        );
        let bell = OutboxBell::default();
        let relay = Relay::new(
            vec![db.clone()],
            MvnoClient::new(&self.mvno(), clock.clone()).unwrap(),
            bell.clone(),
            clock.clone(),
            ids.clone(),
            tasks.clone(),
        );
        relay.start();
        let product = ProductChange::new(
            db,
            client.clone(),
            facts.clone(),
            bell,
            &self.kos,
            clock.clone(),
            ids.clone(),
            tasks.clone(),
        )
        .with_pace(ReconcilePace {
            poll: Duration::from_millis(20),
            first_question: Duration::from_millis(20),
            longest_pause: Duration::from_millis(100),
            ..ReconcilePace::default()
        });
        Replica {
            product,
            facts,
            client,
        }
    }

    async fn replica(&self) -> Replica {
        self.replica_on(self.database.replica().await).await
    }

    /// One that shares no cache with the others.
    async fn replica_apart(&self) -> Replica {
        let cache = Arc::new(MemoryCache::new(1_000, self.clock.clone()));
        let db = self.database.replica().await;
        self.replica_with(db, cache, self.clock.clone())
    }

    fn mvno(&self) -> MvnoConfig {
        MvnoConfig {
            url: self.simulator.ap_url().unwrap(),
            signing_secret: SECRET.into(),
            timeout: Duration::from_secs(5),
            places: 8,
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(300),
        }
    }

    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// The number of changes that arrived at KOS, and that took effect.
    fn sent_and_applied(&self) -> (usize, usize) {
        let ledger = self.simulator.ledger();
        (
            ledger.change_attempts().unwrap().len(),
            ledger.changes_applied().unwrap().len(),
        )
    }

    /// The state of the only change.
    async fn state(&self) -> String {
        self.database.text("SELECT state FROM product_change").await
    }

    async fn stop(self) {
        self.tasks.drain().await;
    }
}

impl Replica {
    async fn request(&self, who: &Principal, key: &str, to: &str) -> Result<Change, Problem> {
        self.product.request(who, command(who, key, FROM, to)).await
    }

    /// Waits until a change is settled.
    async fn settled(&self, who: &Principal, id: &RequestId) -> Change {
        until("the change is settled", async || {
            let change = self.product.status(who, id).await.unwrap();
            change.status != ChangeStatus::Pending
        })
        .await;
        self.product.status(who, id).await.unwrap()
    }
}

/// Another customer.
fn somebody() -> Principal {
    customer("somebody", &["01034567890"])
}

fn draft(who: &Principal, from: &str, to: &str) -> ChangeDraft {
    ChangeDraft {
        line_id: who.user.lines[0].line_id.clone(),
        current_product_code: plan(from),
        target_product_code: plan(to),
    }
}

fn command(who: &Principal, key: &str, from: &str, to: &str) -> ChangeCommand {
    ChangeCommand {
        draft: draft(who, from, to),
        key: key.parse::<IdempotencyKey>().unwrap(),
        trace_id: format!("trace-of-{key}"),
    }
}

fn plan(code: &str) -> ProductCode {
    code.parse().unwrap()
}

/// The body as the API sends it.
fn bytes(answer: &Result<Change, Problem>) -> String {
    match answer {
        Ok(change) => serde_json::to_string(change).unwrap(),
        Err(problem) => serde_json::to_string(problem).unwrap(),
    }
}
