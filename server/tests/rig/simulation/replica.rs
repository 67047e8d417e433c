//! A replica: successive lives, each with its own machine, reconciler and relay.

use super::{
    kos::{CALL, HORIZON, Kos, KosPort},
    ledger::{Database, LedgerPort},
    life::Life,
    machine::{Machine, Parts, Variant},
    relay::{self, Ap},
    time::Skewed,
    world::World,
};
use async_trait::async_trait;
use server::{
    clock::Clock,
    ids::Ids,
    kos::HeldLine,
    product::{
        ChangeRules,
        ports::{ChangePorts, EndListener},
    },
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const RECONCILE_EVERY: Duration = Duration::from_millis(600);

/// The world that all replicas share.
pub struct Surroundings {
    pub world: Arc<World>,
    pub kos: Arc<Kos>,
    pub database: Arc<Database>,
    pub ap: Arc<Ap>,
    pub variant: Variant,
    pub deaths: AtomicU64,
    seed: u64,
}

impl Surroundings {
    pub fn new(seed: u64, world: Arc<World>, kos: Arc<Kos>, variant: Variant) -> Self {
        Self {
            world,
            kos,
            database: Arc::default(),
            ap: Arc::default(),
            variant,
            deaths: AtomicU64::new(0),
            seed,
        }
    }
}

/// A life with its machine.
#[derive(Clone)]
pub struct Node {
    pub life: Arc<Life>,
    pub machine: Arc<dyn Machine>,
    pub kos: Arc<dyn server::product::ports::ChangeKos>,
}

pub struct Replica {
    around: Arc<Surroundings>,
    number: u64,
    skew_ms: i64,
    now: Mutex<Option<Node>>,
}

impl Replica {
    pub fn start(around: Arc<Surroundings>, number: u64) -> Arc<Self> {
        let skew_ms = around.world.pick(-2_000..2_000);
        let replica = Arc::new(Self {
            around,
            number,
            skew_ms,
            now: Mutex::default(),
        });
        tokio::spawn(replica.clone().live());
        replica
    }

    /// The current life, if it answers.
    pub fn node(&self) -> Option<Node> {
        self.now
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, node: Option<Node>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = node;
    }

    async fn live(self: Arc<Self>) {
        let world = &self.around.world;
        for life in 0.. {
            let node = self.begin(life);
            let machine = node.machine.clone();
            let time = world.time.clone();
            tokio::spawn(async move {
                loop {
                    machine.reconcile_once().await;
                    time.sleep(RECONCILE_EVERY).await;
                }
            });
            let (database, ap) = (self.around.database.clone(), self.around.ap.clone());
            tokio::spawn(relay::run(node.life.clone(), database, ap));
            self.set(Some(node.clone()));
            node.life.death().await;
            self.set(None);
            self.around.deaths.fetch_add(1, Ordering::Relaxed);
            world
                .sleep(Duration::from_millis(world.pick(10..2_000)))
                .await;
        }
    }

    fn begin(&self, life: u64) -> Node {
        let around = &self.around;
        let name = format!("{}.{life}", self.number);
        let life_seed = around.seed ^ ((self.number + 1) << 48) ^ (life << 32);
        let life = Arc::new(Life::new(around.world.clone(), name));
        let clock = Clock::simulated(Arc::new(Skewed {
            time: around.world.time.clone(),
            by_ms: self.skew_ms,
        }));
        let kos = Arc::new(KosPort {
            kos: around.kos.clone(),
            life: life.clone(),
        });
        let parts = Parts {
            ports: ChangePorts {
                ledger: Arc::new(LedgerPort {
                    database: around.database.clone(),
                    life: life.clone(),
                    invalidates_first: around.variant.invalidates_first,
                }),
                kos: kos.clone(),
                listener: Arc::new(NobodyListens),
            },
            rules: ChangeRules {
                asks_by_request_id: around.kos.facts.tells_by_id,
                inquiry_timeout: CALL,
                change_timeout: CALL,
                change_horizon: HORIZON,
            },
            ids: Ids::seeded(life_seed, clock.clone()),
            clock,
        };
        Node {
            machine: (around.variant.build)(parts),
            life,
            kos,
        }
    }
}

/// Loses every notification: what must not be lost is in the transaction of the outcome.
struct NobodyListens;

#[async_trait]
impl EndListener for NobodyListens {
    async fn ended(&self, _line: &HeldLine) {}
}
