//! The metrics of all modules, in one registry.

use super::{
    Databases,
    features::{Features, Shared},
};
use crate::{
    auth::Auth,
    bill::BillInquiry,
    db::DbError,
    error::Chain,
    http::{Metrics, RateLimiter, Refresh},
    kos::KosCollector,
    metrics::Gauges,
    outbox::{self, Lag},
    product::{self, Attention},
};
use futures::future::try_join_all;
use std::{error::Error, future::Future, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a reading is waited for: longer than a statement takes by default before it is given up, and
/// less than a scrape waits for all of them.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// The metrics of the admin address.
pub(super) fn metrics(features: &Features, shared: &Shared, rates: &RateLimiter) -> Metrics {
    let gauges = Gauges::default();
    let refresh = refresh(
        gauges.clone(),
        features.auth.clone(),
        features.bill.clone(),
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

/// Reads what only the databases and the disk know. What cannot be read, or not in time, keeps its last value,
/// which is counted and logged: it may be the database that fails, or a statement that has become too slow.
fn refresh(gauges: Gauges, auth: Auth, bill: BillInquiry, databases: Databases) -> Refresh {
    Arc::new(move || {
        let (gauges, auth) = (gauges.clone(), auth.clone());
        let (bill, databases) = (bill.clone(), databases.clone());
        Box::pin(async move {
            let read = read_all(
                &gauges,
                PATIENCE,
                auth.live_sessions(),
                product::attention(databases.product()),
                lag(&databases),
            );
            tokio::join!(read, bill.measure_set_aside());
        })
    })
}

/// At once, and each for itself: what one of them waits for holds up no other.
async fn read_all<E: Error + 'static>(
    gauges: &Gauges,
    patience: Duration,
    live: impl Future<Output = Result<i64, E>>,
    changes: impl Future<Output = Result<Attention, DbError>>,
    outbox: impl Future<Output = Result<Lag, DbError>>,
) {
    let sessions = async {
        if let Some(live) = read(gauges, "sessions", patience, live).await {
            gauges.sessions(live);
        }
    };
    let changes = async {
        if let Some(now) = read(gauges, "changes", patience, changes).await {
            gauges.changes(now.open, now.oldest_open, now.manual, now.late);
        }
    };
    let outbox = async {
        if let Some(all) = read(gauges, "outbox", patience, outbox).await {
            gauges.outbox(all.waiting, all.oldest_age, all.most_attempts, all.dead);
        }
    };
    tokio::join!(sessions, changes, outbox);
}

/// What is not read in time is unread.
async fn read<T, E: Error + 'static>(
    gauges: &Gauges,
    of: &'static str,
    patience: Duration,
    reading: impl Future<Output = Result<T, E>>,
) -> Option<T> {
    match timeout(patience, reading).await {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(error)) => unread(gauges, of, &error),
        Err(late) => unread(gauges, of, &late),
    }
    None
}

/// Of all databases together, asked at once.
async fn lag(databases: &Databases) -> Result<Lag, DbError> {
    let databases = databases.distinct();
    let each = try_join_all(databases.iter().map(outbox::lag)).await?;
    Ok(each.into_iter().fold(Lag::default(), Lag::and))
}

fn unread(gauges: &Gauges, of: &'static str, error: &(dyn Error + 'static)) {
    gauges.unread(of);
    tracing::warn!(of, error = %Chain(error), "a metric keeps its last value");
}

#[cfg(test)]
mod tests {
    use super::read_all;
    use crate::{db::DbError, metrics::Gauges, outbox::Lag, product::Attention};
    use prometheus_client::{encoding::text::encode, registry::Registry};
    use std::{
        future::{pending, ready},
        time::Duration,
    };
    use tokio::time::timeout;

    const SHORT: Duration = Duration::from_millis(20);
    /// What a scrape waits for all of them.
    const SCRAPE: Duration = Duration::from_secs(3);

    fn shown(gauges: &Gauges) -> String {
        let (mut registry, mut text) = (Registry::default(), String::new());
        gauges.register(&mut registry);
        encode(&mut text, &registry).unwrap();
        text
    }

    #[tokio::test]
    async fn a_slow_reading_is_unread_and_takes_no_other_along() {
        let gauges = Gauges::default();
        let changes = Attention {
            manual: 2,
            ..Attention::default()
        };
        let outbox = Lag {
            dead: 3,
            ..Lag::default()
        };
        let reading = read_all(
            &gauges,
            SHORT,
            pending::<Result<i64, DbError>>(),
            ready(Ok(changes)),
            ready(Ok(outbox)),
        );
        let ended = timeout(SCRAPE, reading).await;
        let text = shown(&gauges);
        for line in [
            "changes_manual 2",
            "outbox_dead 3",
            "database_readings_failed_total{of=\"sessions\"} 1",
            "database_readings_failed_total{of=\"outbox\"} 0",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(ended.is_ok());
    }
}
