//! The machine that a replica runs: the real one, or one that is broken on purpose.

use app::{
    model::{Change, Principal, RequestId},
    problem::Problem,
    ssr::{ChangeCommand, ProductPort},
};
use async_trait::async_trait;
use server::{
    clock::Clock,
    ids::Ids,
    product::{ChangeRules, ProductChange, ReconcilePace, ports::ChangePorts},
    tasks::Tasks,
};
use std::{sync::Arc, time::Duration};

/// A machine for plan changes.
#[async_trait]
pub trait Machine: Send + Sync {
    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem>;
    async fn status(&self, who: &Principal, id: &RequestId) -> Result<Change, Problem>;
    async fn reconcile_once(&self);
}

/// The parts of a machine.
#[derive(Clone)]
pub struct Parts {
    pub ports: ChangePorts,
    pub rules: ChangeRules,
    pub clock: Clock,
    pub ids: Ids,
}

/// A machine and its order of steps.
#[derive(Clone, Copy)]
pub struct Variant {
    pub build: fn(Parts) -> Arc<dyn Machine>,
    /// The caches of the line are invalidated before KOS is called, not with the outcome.
    pub invalidates_first: bool,
}

/// The real one.
pub const REAL: Variant = Variant {
    build: real,
    invalidates_first: false,
};

#[async_trait]
impl Machine for ProductChange {
    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem> {
        ProductPort::request(self, who, command).await
    }

    async fn status(&self, who: &Principal, id: &RequestId) -> Result<Change, Problem> {
        ProductPort::status(self, who, id).await
    }

    async fn reconcile_once(&self) {
        // The ledger is away; the next turn retries.
        ProductChange::reconcile_once(self).await.ok();
    }
}

/// The machine of the product.
pub fn real(parts: Parts) -> Arc<dyn Machine> {
    let Parts {
        ports,
        rules,
        clock,
        ids,
    } = parts;
    let machine = ProductChange::over(ports, rules, clock, ids, Tasks::default());
    Arc::new(machine.with_pace(ReconcilePace {
        first_question: Duration::from_millis(400),
        longest_pause: Duration::from_secs(2),
        ..ReconcilePace::default()
    }))
}
