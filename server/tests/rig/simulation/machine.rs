//! What a replica runs: the real machine, or one that is broken on purpose.

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

/// What a machine is made of.
#[derive(Clone)]
pub struct Parts {
    pub ports: ChangePorts,
    pub rules: ChangeRules,
    pub clock: Clock,
    pub ids: Ids,
}

/// A machine, and the order in which it does things.
#[derive(Clone, Copy)]
pub struct Variant {
    pub build: fn(Parts) -> Arc<dyn Machine>,
    /// The caches of the line are invalidated before KOS is called, not with the outcome.
    pub invalidates_first: bool,
}

/// The one that is sold.
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
        // The ledger away: the next turn finds the same.
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
