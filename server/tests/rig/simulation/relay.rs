//! A relay over the ledger in memory, with the rules of the real one (which T2 runs), and its AP server.

use super::{ledger::Database, life::Life};
use crate::laws::ledgers::Delivery;
use server::outbox::NewEvent;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const POLL: Duration = Duration::from_millis(700);
const LEASE: Duration = Duration::from_secs(3);
const RETRY_MS: i64 = 300;

/// What the AP server received.
#[derive(Default)]
pub struct Ap(Mutex<Vec<Delivery>>);

impl Ap {
    pub fn received(&self) -> Vec<Delivery> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn receive(&self, event: &NewEvent) {
        let body: serde_json::Value = serde_json::to_value(&event.payload).unwrap_or_default();
        let success = body["failure"].is_null();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Delivery {
                event_id: event.event_id.clone(),
                line: event.line_number.as_str().to_owned(),
                request_id: body["requestId"].as_str().unwrap_or_default().to_owned(),
                result: if success { "SUCCESS" } else { "FAILURE" }.into(),
                payload: event.payload.to_string(),
            });
    }
}

/// Delivers until its life ends.
pub async fn run(life: Arc<Life>, database: Arc<Database>, ap: Arc<Ap>) {
    let world = life.world.clone();
    loop {
        life.step("relay: claim").await;
        let lease = world.pick(1..u64::MAX);
        let claimed = database.store().claim(lease, LEASE, world.time.now_ms());
        for run in claimed {
            let (mut accepted, mut due_again) = (Vec::new(), 0);
            let line = run[0].line_number.clone();
            for event in run {
                life.step("relay: send").await;
                let mishap = world
                    .happens(world.hostility.calls)
                    .then(|| world.pick(0..3));
                if mishap != Some(0) {
                    ap.receive(&event);
                }
                life.step("relay: answered").await;
                if mishap.is_some_and(|kind| kind < 2) {
                    due_again = world.time.now_ms() + RETRY_MS;
                    break;
                }
                accepted.push(event.event_id);
            }
            life.step("relay: record").await;
            database
                .store()
                .settle_line(line.as_str(), lease, &accepted, due_again);
        }
        world.sleep(POLL).await;
    }
}
