//! The ports over HTTP, the cache and the outbox.

use super::{
    ports::{ChangeKos, EndListener, MaySend},
    record::ChangeRecord,
};
use crate::{
    kos::{
        CatalogueProduct, ChangeLookup, HeldLine, KosChange, KosChangeError, KosClient, KosError,
        KosFacts, KosLine,
    },
    outbox::OutboxBell,
};
use app::model::RequestId;
use async_trait::async_trait;
use std::sync::Arc;

/// KOS as it is reached in production.
pub(super) struct KosOverHttp {
    pub client: KosClient,
    pub facts: KosFacts,
}

#[async_trait]
impl ChangeKos for KosOverHttp {
    async fn may_change(&self) -> Result<(), KosError> {
        self.client.may_change().await
    }

    async fn change(
        &self,
        change: &ChangeRecord,
        may_send: &MaySend<'_>,
    ) -> Result<KosChange, KosChangeError> {
        let line = &change.line.line_number;
        let (from, to) = (&change.from.code, &change.to.code);
        self.client
            .change(&change.request_id.0, line, from, to, may_send)
            .await
    }

    async fn lookup(&self, id: &RequestId) -> Result<ChangeLookup, KosError> {
        self.client.change_status(&id.0).await
    }

    async fn line(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        Ok(Arc::unwrap_or_clone(self.facts.line(line).await?.value))
    }

    async fn line_now(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.facts.line_now(line).await
    }

    async fn catalogue(&self) -> Result<Vec<CatalogueProduct>, KosError> {
        Ok(Arc::unwrap_or_clone(self.facts.catalogue().await?.value))
    }
}

/// Drops what was cached of the line and wakes the relay.
pub(super) struct CacheAndRelay {
    pub facts: KosFacts,
    pub bell: OutboxBell,
}

#[async_trait]
impl EndListener for CacheAndRelay {
    async fn ended(&self, line: &HeldLine) {
        self.facts.forget_line(line).await;
        self.bell.ring();
    }
}
