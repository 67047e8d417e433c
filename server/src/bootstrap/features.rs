//! The three features, on what they share.

use super::Databases;
use crate::{
    auth::{Accounts, Auth},
    bill::BillInquiry,
    cache::Cache,
    clock::Clock,
    config::Config,
    ids::Ids,
    kos::{CacheKeys, KosClient, KosFacts, LineGenerations},
    mvno::MvnoClient,
    outbox::OutboxBell,
    product::{ProductChange, ReconcilePace},
    tasks::Tasks,
};
use secrecy::ExposeSecret;
use std::sync::Arc;

/// What everything is built on.
pub(super) struct Shared {
    pub(super) databases: Databases,
    pub(super) cache: Arc<dyn Cache>,
    pub(super) tasks: Tasks,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
}

/// The features, and the clients of other systems that they use.
pub(super) struct Features {
    pub(super) auth: Auth,
    pub(super) bill: BillInquiry,
    pub(super) product: ProductChange,
    pub(super) kos: KosClient,
    pub(super) mvno: MvnoClient,
    /// Rung for every event that the features put into an outbox.
    pub(super) bell: OutboxBell,
}

/// Builds the features; nothing runs before [`super::workers::start`].
///
/// # Errors
/// Settings that cannot be used.
pub(super) fn build(config: &Config, shared: &Shared) -> anyhow::Result<Features> {
    let (clock, ids, tasks) = (&shared.clock, &shared.ids, &shared.tasks);
    let databases = &shared.databases;
    let kos = KosClient::new(&config.kos, &config.breaker, clock.clone(), ids.clone())?;
    let facts = KosFacts::new(
        kos.clone(),
        CacheKeys::new(config.auth.naming_secret().expose_secret().as_bytes()),
        shared.cache.clone(),
        LineGenerations::new(databases.product.clone(), clock.clone(), tasks.clone()),
        &config.cache,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    );
    let bell = OutboxBell::default();
    let auth = Auth::new(
        databases.auth.clone(),
        shared.cache.clone(),
        config.cache.session_ttl,
        &config.auth,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    )?;
    let bill = BillInquiry::new(
        databases.bill.clone(),
        facts.clone(),
        bell.clone(),
        &config.bill,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    );
    let product = ProductChange::new(
        databases.product.clone(),
        kos.clone(),
        facts,
        bell.clone(),
        &config.kos,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    )
    .with_pace(ReconcilePace::of(&config.product));
    Ok(Features {
        auth,
        bill,
        product,
        kos,
        mvno: MvnoClient::new(&config.mvno, clock.clone())?,
        bell,
    })
}

/// The accounts, for the demo's customers.
///
/// # Errors
/// Settings that cannot be used.
pub(super) fn accounts(config: &Config, shared: &Shared) -> anyhow::Result<Accounts> {
    Ok(Accounts::new(
        shared.databases.auth.clone(),
        &config.auth,
        shared.clock.clone(),
        shared.ids.clone(),
    )?)
}
