//! The relay: a worker for each database, and one line's deliveries.

use super::{
    OutboxBell, RelayPace,
    run::{Run, Waiting},
    worker::Worker,
};
use crate::{
    clock::Clock,
    crash_point::crash_point,
    db::Db,
    error::Chain,
    ids::Ids,
    mvno::{MvnoClient, OutgoingEvent},
    tasks::Tasks,
};
use std::{mem, time::Duration};
use tokio_util::sync::CancellationToken;

/// Delivers the waiting events of the databases. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    dbs: Vec<Db>,
    client: MvnoClient,
    pub(super) bell: OutboxBell,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
    pub(super) tasks: Tasks,
    pub(super) pace: RelayPace,
}

impl Relay {
    /// `dbs`: the distinct databases that have an outbox.
    pub fn new(
        dbs: Vec<Db>,
        client: MvnoClient,
        bell: OutboxBell,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        Self {
            dbs,
            client,
            bell,
            clock,
            ids,
            tasks,
            pace: RelayPace::default(),
        }
    }

    /// At another pace than the default one.
    pub fn with_pace(mut self, pace: RelayPace) -> Self {
        self.pace = pace;
        self
    }

    /// Starts one worker per database; at shutdown they give their lines back.
    pub fn start(&self) {
        for db in &self.dbs {
            self.tasks
                .start(Worker::new(self.clone(), db.clone()).work());
        }
    }

    /// Delivers the events of one line in order, with no transaction open, up to the first failure,
    /// and returns the line with the results. `claimed` is when its lease began; a delivery that has
    /// not ended at `giving_up` counts as failed.
    pub(super) async fn carry(
        self,
        mut run: Run,
        claimed: Duration,
        giving_up: CancellationToken,
    ) -> Run {
        let begun = self.clock.monotonic();
        let mut first = true;
        for mut event in mem::take(&mut run.events) {
            let now = self.clock.monotonic();
            let had_its_turn = now.saturating_sub(begun) >= self.pace.run_for && !first;
            let lease_is_old = now.saturating_sub(claimed) >= self.pace.lease / 2;
            if had_its_turn || lease_is_old || self.tasks.stopping().is_cancelled() {
                return run;
            }
            first = false;
            let delivery = self.deliver(&mut run, &mut event);
            match giving_up.run_until_cancelled(delivery).await {
                Some(true) => {}
                Some(false) => return run,
                // The receiver may have it all the same; it will see the same event id again.
                None => {
                    run.failed(&event, self.pause(&event, None));
                    return run;
                }
            }
        }
        run.emptied();
        run
    }

    /// Whether the next one may follow.
    async fn deliver(&self, run: &mut Run, event: &mut Waiting) -> bool {
        let outgoing = OutgoingEvent {
            event_id: mem::take(&mut event.event_id),
            kind: mem::take(&mut event.kind),
            body: mem::take(&mut event.body),
        };
        crash_point!("relay.send.before");
        let delivered = self.client.deliver(&outgoing).await;
        crash_point!("relay.send.after");
        match delivered {
            Ok(()) => {
                run.delivered(event);
                true
            }
            Err(error) if event.age() >= self.pace.bury_after => {
                tracing::error!(
                    event_id = outgoing.event_id,
                    attempts = event.attempt(),
                    error = %Chain(&error),
                    "event buried undelivered"
                );
                run.buried(event);
                true
            }
            Err(error) => {
                let asked = error.retry_after().map(u64::from).map(Duration::from_secs);
                run.failed(event, self.pause(event, asked));
                false
            }
        }
    }

    /// After a failed attempt; at least what the receiver `asked` for.
    fn pause(&self, event: &Waiting, asked: Option<Duration>) -> Duration {
        let backoff = self.pace.backoff;
        backoff.pause(event.attempt(), asked, self.ids.fraction())
    }
}
