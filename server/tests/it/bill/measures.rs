//! What shows how far recording is behind answering, when it is behind no longer, and what it lost.

use super::{
    Stand,
    journal::{abandon, forget_all, journaled, stand},
    journal_in,
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    scrape,
    wait::until,
};
use prometheus_client::registry::Registry;
use std::{fs, time::Duration};

on_both_databases! {
    an_adopted_journal_that_is_recorded_no_longer_waits,
    an_inquiry_that_cannot_even_be_set_aside_is_counted,
}

/// Longer than the alarm allows.
const OUTAGE: Duration = Duration::from_secs(300);

fn value(stand: &Stand, name: &str) -> f64 {
    let mut registry = Registry::default();
    stand.bills.register_metrics(&mut registry);
    scrape::value(&scrape::text(&registry), name)
        .parse()
        .unwrap()
}

async fn an_adopted_journal_that_is_recorded_no_longer_waits(database: TestDatabase) {
    let bytes = journaled(&database, 3).await;
    forget_all(&database).await;
    let away = "ALTER TABLE bill_request RENAME TO elsewhere";
    database.execute(away).await;
    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes);
    let stand = stand(database, journal_in(root.path())).await;
    stand.clock.advance(OUTAGE);
    let lag = || value(&stand, "journal_lag_seconds");
    until("the outage is seen", || async { lag() > 60.0 }).await;
    let back = "ALTER TABLE elsewhere RENAME TO bill_request";
    stand.database.execute(back).await;
    until("nothing waits", || async { lag() < 1.0 }).await;
}

async fn an_inquiry_that_cannot_even_be_set_aside_is_counted(database: TestDatabase) {
    let mut bytes = journaled(&database, 1).await;
    *bytes.last_mut().unwrap() ^= 1;
    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes);
    // In the way of the file.
    fs::create_dir(root.path().join("set-aside.journal")).unwrap();
    let stand = stand(database, journal_in(root.path())).await;
    let lost = || value(&stand, "journal_lost_total");
    until("it is counted", || async { lost() > 0.0 }).await;
}
