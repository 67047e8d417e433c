//! Everything that is counted, in one place to be scraped.

use super::Databases;
use crate::{
    auth::Auth,
    bill::BillInquiry,
    cache::Cache,
    http::{Metrics, RateLimiter, Refresh},
    kos::{KosClient, KosCollector},
    metrics::Gauges,
    mvno::MvnoClient,
    outbox::{self, Lag},
    product,
};
use std::sync::Arc;

/// What is shown on the admin address.
pub(super) fn metrics(
    auth: &Auth,
    bill: &BillInquiry,
    kos: &KosClient,
    mvno: &MvnoClient,
    cache: &Arc<dyn Cache>,
    databases: &Databases,
    rates: &RateLimiter,
) -> Metrics {
    let gauges = Gauges::default();
    let refresh = refresh(gauges.clone(), auth.clone(), databases.clone());
    Metrics::new(
        |registry| {
            KosCollector::register(kos, registry);
            mvno.register_metrics(registry);
            cache.metrics().register(registry);
            auth.register_metrics(registry);
            bill.register_metrics(registry);
            rates.register_metrics(registry);
            gauges.register(registry);
        },
        Some(refresh),
    )
}

/// Reads what only the databases know; what cannot be read keeps its last value.
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
