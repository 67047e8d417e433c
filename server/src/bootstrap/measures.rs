//! The metrics of all modules, in one registry.

use super::{
    Databases,
    features::{Features, Shared},
};
use crate::{
    auth::Auth,
    db::DbError,
    error::Chain,
    http::{Metrics, RateLimiter, Refresh},
    kos::KosCollector,
    metrics::Gauges,
    outbox::{self, Lag},
    product,
};
use std::{error::Error, sync::Arc};

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

/// Reads what only the databases know. What cannot be read keeps its last value, which is counted and
/// logged: it may be the database that fails, or a statement that has become too slow.
fn refresh(gauges: Gauges, auth: Auth, databases: Databases) -> Refresh {
    Arc::new(move || {
        let (gauges, auth, databases) = (gauges.clone(), auth.clone(), databases.clone());
        Box::pin(async move {
            // At once: one after the other they may take longer than a scrape.
            let (live, changes, outbox) = tokio::join!(
                auth.live_sessions(),
                product::attention(databases.product()),
                lag(&databases),
            );
            match live {
                Ok(live) => gauges.sessions(live),
                Err(error) => unread(&gauges, "sessions", &error),
            }
            match changes {
                Ok(now) => gauges.changes(now.open, now.oldest_open, now.manual, now.late),
                Err(error) => unread(&gauges, "changes", &error),
            }
            match outbox {
                Ok(all) => {
                    gauges.outbox(all.waiting, all.oldest_age, all.most_attempts, all.dead);
                }
                Err(error) => unread(&gauges, "outbox", &error),
            }
        })
    })
}

/// Of all databases together.
async fn lag(databases: &Databases) -> Result<Lag, DbError> {
    let mut all = Lag::default();
    for db in &databases.distinct() {
        all = all.and(outbox::lag(db).await?);
    }
    Ok(all)
}

fn unread(gauges: &Gauges, of: &'static str, error: &(dyn Error + 'static)) {
    gauges.unread(of);
    tracing::warn!(of, error = %Chain(error), "a metric keeps its last value");
}
