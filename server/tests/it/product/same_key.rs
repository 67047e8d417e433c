//! A request that waits for another one with its key waits for a time, however slow a look is.

use super::{FROM, Stand, TO, command, demo01, impatient};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{model::ChangeStatus, ssr::ProductPort};
use futures::future::BoxFuture;
use server::clock::{Clock, SimulatedTime};
use simulator::Capabilities;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

on_both_databases! {
    a_slow_database_makes_nobody_wait_longer,
}

/// What a look at the database takes on top of the pause before it.
const SLOW: Duration = Duration::from_millis(100);

/// Time that passes only in pauses, each as long as it should be and a look.
struct SlowLooks(AtomicI64);

impl SimulatedTime for SlowLooks {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let took = i64::try_from((duration + SLOW).as_millis()).unwrap();
        self.0.fetch_add(took, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

async fn a_slow_database_makes_nobody_wait_longer(database: TestDatabase) {
    let mut stand = Stand::with(database, Capabilities::BASE, impatient()).await;
    let (replica, who) = (stand.replica().await, demo01());
    replica.request(&who, "key-0001", TO).await.unwrap();
    // As if its process had died during the call.
    for sql in [
        "UPDATE product_change SET state = 'CALLING', owner = NULL",
        "UPDATE product_answer SET answer = NULL",
    ] {
        assert_eq!(stand.database.execute(sql).await, 1);
    }
    let clock = Clock::simulated(Arc::new(SlowLooks(AtomicI64::new(stand.clock.now_ms()))));
    stand.clock = clock.clone();
    let waiting = stand.replica().await;
    let began = clock.monotonic();
    let again = command(&who, "key-0001", FROM, TO);
    let told = waiting.product.request(&who, again).await.unwrap();
    assert_eq!(told.status, ChangeStatus::Pending);
    let waited = clock.monotonic().saturating_sub(began);
    let follows = stand.kos.change_timeout + Duration::from_secs(1);
    assert!(follows <= waited, "{waited:?}");
    assert!(waited < follows + 2 * SLOW, "{waited:?}");
    stand.stop().await;
}
