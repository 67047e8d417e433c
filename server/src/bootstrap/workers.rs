//! The work that nobody requests.

use super::features::{Features, Shared};
use crate::{
    config::Config,
    outbox::{Relay, RelayPace},
};

/// Starts the workers once the schema is known to be current: none may write to a database that this
/// program does not fit. Each stops with [`crate::tasks::Tasks::stopping`].
pub(super) fn start(config: &Config, shared: &Shared, features: &Features) {
    let databases = shared.databases.clone();
    let start = prepared(config, shared, features);
    if databases.schema_is_current() {
        return start();
    }
    let stopping = shared.tasks.stopping().clone();
    shared.tasks.start(async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            () = databases.schema_becomes_current() => start(),
        }
    });
}

/// Everything that has to be started.
fn prepared(config: &Config, shared: &Shared, features: &Features) -> impl FnOnce() + Send + use<> {
    let databases = &shared.databases;
    let (bill, product) = (features.bill.clone(), features.product.clone());
    let late_watch = product.late_watch(databases.product.clone());
    let outboxes = databases.distinct();
    let pace = RelayPace::of(&config.mvno, outboxes.len());
    let relay = Relay::new(
        outboxes,
        features.mvno.clone(),
        features.bell.clone(),
        shared.clock.clone(),
        shared.ids.clone(),
        shared.tasks.clone(),
    )
    .with_pace(pace);
    let retention = databases.retention(&shared.clock, &shared.tasks);
    move || {
        bill.start_recorder();
        product.start_reconciler();
        late_watch.start();
        relay.start();
        retention.start();
    }
}
