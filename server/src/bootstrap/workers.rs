//! The work that nobody requests.

use super::features::{Features, Shared};
use crate::{
    config::Config,
    outbox::{Relay, RelayPace},
};

/// Starts the workers; each stops with [`crate::tasks::Tasks::stopping`].
pub(super) fn start(config: &Config, shared: &Shared, features: &Features) {
    let databases = &shared.databases;
    features.product.start_reconciler();
    let product = databases.product.clone();
    features.product.late_watch(product).start();
    let outboxes = databases.distinct();
    let pace = RelayPace::of(&config.mvno, outboxes.len());
    Relay::new(
        outboxes,
        features.mvno.clone(),
        features.bell.clone(),
        shared.clock.clone(),
        shared.ids.clone(),
        shared.tasks.clone(),
    )
    .with_pace(pace)
    .start();
    let retention = databases.retention(&shared.clock, &shared.tasks);
    retention.start();
}
