//! The metrics of all modules, in one registry.

use super::{
    Databases,
    features::{Features, Shared},
};
use crate::{
    auth::Auth,
    http::{Metrics, RateLimiter, Refresh},
    kos::KosCollector,
    metrics::Gauges,
    outbox::{self, Lag},
    product,
};
use std::sync::Arc;

/// The metrics of the admin address.
pub(super) fn metrics(features: &Features, shared: &Shared, rates: &RateLimiter) -> Metrics {
    let gauges = Gauges::default();
    let refresh = refresh(
        gauges.clone(),
        features.auth.clone(),
        shared.databases.clone(),
    );
    Metrics::new(
        |registry| {
            KosCollector::register(&features.kos, registry);
            features.mvno.register_metrics(registry);
            shared.cache.metrics().register(registry);
            features.auth.register_metrics(registry);
            features.bill.register_metrics(registry);
            rates.register_metrics(registry);
            gauges.register(registry);
        },
        Some(refresh),
    )
}

/// Reads the gauges that come from the databases; an unreadable one keeps its last value.
fn refresh(gauges: Gauges, auth: Auth, databases: Databases) -> Refresh {
    Arc::new(move || {
        let (gauges, auth, databases) = (gauges.clone(), auth.clone(), databases.clone());
        Box::pin(async move {
            if let Ok(live) = auth.live_sessions().await {
                gauges.sessions(live);
            }
            if let Ok(now) = product::attention(databases.product()).await {
                gauges.changes(now.open, now.oldest_open, now.manual, now.late);
            }
            let mut all = Lag::default();
            for db in &databases.distinct() {
                let Ok(lag) = outbox::lag(db).await else {
                    return;
                };
                all = all.and(lag);
            }
            gauges.outbox(all.waiting, all.oldest_age, all.most_attempts, all.dead);
        })
    })
}
