//! The worker that empties the outbox.

use super::{
    OutboxBell,
    backoff::Backoff,
    store::{self, Claimed},
};
use crate::{
    config::MvnoConfig,
    crash_point::crash_point,
    db::{Db, DbError},
    ids::Ids,
    mvno::{MvnoClient, OutgoingEvent},
    tasks::Tasks,
};
use std::time::Duration;
use tokio::task::JoinSet;

/// How patient the relay is.
#[derive(Clone, Copy, Debug)]
pub struct RelayPace {
    /// Deliveries of one worker at once, each of another line.
    pub at_once: usize,
    /// Looking for work without having been rung.
    pub poll: Duration,
    /// A claim is another worker's to take after this; longer than a delivery can take.
    pub lease: Duration,
    pub backoff: Backoff,
    /// An event older than this is buried when its delivery fails once more.
    pub bury_after: Duration,
}

impl Default for RelayPace {
    fn default() -> Self {
        Self {
            at_once: 8,
            poll: Duration::from_secs(1),
            lease: Duration::from_secs(30),
            backoff: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(300),
            },
            bury_after: Duration::from_secs(48 * 60 * 60),
        }
    }
}

/// How much longer than a delivery can take a claim lasts.
const LEASE_OVER_TIMEOUT: u32 = 3;

impl RelayPace {
    pub fn of(config: &MvnoConfig) -> Self {
        Self {
            lease: config.timeout * LEASE_OVER_TIMEOUT,
            backoff: Backoff {
                first: config.first_retry,
                longest: config.longest_retry,
            },
            ..Self::default()
        }
    }
}

/// Delivers what the databases have waiting. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    dbs: Vec<Db>,
    client: MvnoClient,
    bell: OutboxBell,
    ids: Ids,
    tasks: Tasks,
    pace: RelayPace,
}

impl Relay {
    /// `dbs`: the distinct databases that have an outbox.
    pub fn new(dbs: Vec<Db>, client: MvnoClient, bell: OutboxBell, ids: Ids, tasks: Tasks) -> Self {
        Self {
            dbs,
            client,
            bell,
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

    /// Starts one worker for each database; they stop between two deliveries at shutdown.
    pub fn start(&self) {
        for db in &self.dbs {
            self.tasks.start(self.clone().work(db.clone()));
        }
    }

    async fn work(self, db: Db) {
        let mut rings = self.bell.listen();
        let mut running = JoinSet::new();
        let mut failing = false;
        loop {
            // Rings from here on are answered by another look.
            rings.mark_unchanged();
            match self.take(&db, self.pace.at_once - running.len()).await {
                Ok(claimed) => {
                    failing = false;
                    for event in claimed {
                        let (relay, db) = (self.clone(), db.clone());
                        running.spawn(async move { relay.carry(&db, event).await });
                    }
                }
                // Told once an outage, not once a second.
                Err(_) if failing => {}
                Err(error) => {
                    failing = true;
                    tracing::warn!(
                        error = format!("{:#}", anyhow::Error::new(error)),
                        "the outbox cannot be read"
                    );
                }
            }
            tokio::select! {
                () = self.tasks.stopping().cancelled() => break,
                Some(_) = running.join_next() => {}
                // The bell lives as long as the relay, so `changed` never fails.
                _ = rings.changed() => {}
                () = tokio::time::sleep(self.pace.poll) => {}
            }
        }
        // What is on its way is settled before the process ends.
        while running.join_next().await.is_some() {}
    }

    async fn take(&self, db: &Db, free: usize) -> Result<Vec<Claimed>, DbError> {
        if free == 0 {
            return Ok(Vec::new());
        }
        crash_point!("relay.claim.before");
        let claimed = store::claim(db, &self.ids.uuid(), self.pace.lease, free).await;
        crash_point!("relay.claim.after");
        claimed
    }

    /// Delivers one event, with no transaction open, and records how it went.
    async fn carry(&self, db: &Db, event: Claimed) {
        let outgoing = OutgoingEvent {
            event_id: event.event_id.clone(),
            kind: event.kind.clone(),
            body: event.body.clone(),
        };
        crash_point!("relay.send.before");
        let delivered = self.client.deliver(&outgoing).await;
        crash_point!("relay.send.after");
        crash_point!("relay.record.before");
        let recorded = match delivered {
            Ok(()) => store::settle(db, &event).await,
            Err(error) if event.age >= self.pace.bury_after => {
                tracing::error!(
                    event_id = event.event_id,
                    attempts = event.attempts,
                    %error,
                    "event buried undelivered"
                );
                store::bury(db, &event).await
            }
            Err(error) => {
                let asked = error.retry_after().map(u64::from).map(Duration::from_secs);
                let pause = self
                    .pace
                    .backoff
                    .pause(event.attempts, asked, self.ids.fraction());
                store::retry_later(db, &event, pause).await
            }
        };
        crash_point!("relay.record.after");
        if let Err(error) = recorded {
            // The lease runs out and the event is delivered again, under the same id.
            tracing::warn!(
                event_id = event.event_id,
                error = format!("{:#}", anyhow::Error::new(error)),
                "a delivery could not be recorded"
            );
        }
    }
}
