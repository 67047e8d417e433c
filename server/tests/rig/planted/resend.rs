//! The fault: a call whose answer is lost is repeated.

use crate::simulation::machine::{Machine, Parts, real};
use app::model::RequestId;
use async_trait::async_trait;
use server::{
    kos::{CatalogueProduct, ChangeLookup, HeldLine, KosChange, KosChangeError, KosError, KosLine},
    product::{
        ChangeRecord,
        ports::{ChangeKos, MaySend},
    },
};
use std::sync::Arc;

const TRIES: u32 = 3;

/// The real machine over a KOS client that resends.
pub fn build(mut parts: Parts) -> Arc<dyn Machine> {
    parts.ports.kos = Arc::new(Eager(parts.ports.kos));
    real(parts)
}

struct Eager(Arc<dyn ChangeKos>);

#[async_trait]
impl ChangeKos for Eager {
    async fn may_change(&self) -> Result<(), KosError> {
        self.0.may_change().await
    }

    async fn change(
        &self,
        change: &ChangeRecord,
        may_send: &MaySend<'_>,
    ) -> Result<KosChange, KosChangeError> {
        for _ in 1..TRIES {
            match self.0.change(change, may_send).await {
                Err(KosChangeError::Unclear(_)) => {}
                done => return done,
            }
        }
        self.0.change(change, may_send).await
    }

    async fn lookup(&self, id: &RequestId) -> Result<ChangeLookup, KosError> {
        self.0.lookup(id).await
    }

    async fn line(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.0.line(line).await
    }

    async fn line_now(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.0.line_now(line).await
    }

    async fn catalogue(&self) -> Result<Vec<CatalogueProduct>, KosError> {
        self.0.catalogue().await
    }
}
